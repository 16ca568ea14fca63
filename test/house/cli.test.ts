/** Where the command may look: it is thin, stands on named parts of the library, and no part of the library knows it. */
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, packageOf, ROOT, SOURCES, withoutComments } from './source.ts';

const FILES = filesBelow('cli').map(path => {
  const text = readFileSync(`${ROOT}cli/${path}`, 'utf8');
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(`cli/${path}`, code) };
});

/** The parts of the library that the command may use: whoever adds one says so here. */
const PARTS = [
  'compose.ts',
  'config/configuration.ts',
  'config/load-config.ts',
  'config/misnamed.ts',
  'config/parsers.ts',
  'config/service-url.ts',
  'config/variables.ts',
  'corridor/port.ts',
  'credential/secret-stores.ts',
  'credential/secret-text.ts',
  'domain/clock.ts',
  'domain/decision.ts',
  'domain/errors.ts',
  'domain/jwt-claims.ts',
  'domain/request.ts',
  'domain/token-shape.ts',
  'gateway/api-gateway.ts',
  'gateway/response.ts',
];

/** The clients of AWS that a user may do without. */
const ON_DEMAND = ['@aws-sdk/client-api-gateway', '@aws-sdk/client-apigatewayv2', '@aws-sdk/client-lambda'];

describe('the command', () => {
  it('imports of our own code only itself and named parts of src/, each of which it uses', () => {
    const outside = FILES.flatMap(({ imports }) =>
      imports.flatMap(({ file }) => (file === undefined || file.startsWith('cli/') ? [] : [file])),
    );
    expect([...new Set(outside)].sort()).toEqual(['package.json', ...PARTS.map(part => `src/${part}`)]);
  });

  it('is known to no file of src/', () => {
    const lookers = SOURCES.filter(({ imports }) =>
      imports.some(({ file }) => posix.join('src', file ?? '').startsWith('cli/')),
    );
    expect(lookers.map(({ path }) => path)).toEqual([]);
  });

  it('loads the clients of AWS that are optional only on demand', () => {
    const first = FILES.flatMap(({ path, code }) =>
      [...code.matchAll(/^import (?!type )[^;]*'(?<from>@aws-sdk\/[^']+)'/gm)].map(
        ({ groups }) => `${path} ${groups?.['from']}`,
      ),
    );
    expect(first).toEqual([]);
  });

  it('needs nothing but what is a dependency, or a peer that is optional', () => {
    const manifest: {
      dependencies: Record<string, string>;
      peerDependenciesMeta: Record<string, { optional: boolean }>;
      bin: Record<string, string>;
      files: readonly string[];
    } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const packages = new Set(
      FILES.flatMap(({ imports }) => imports.flatMap(({ specifier }) => packageOf(specifier) ?? [])),
    );
    const others = [...packages].filter(name => !(name in manifest.dependencies));
    expect(others.sort()).toEqual(ON_DEMAND);
    expect(others.every(name => manifest.peerDependenciesMeta[name]?.optional === true)).toBe(true);
    expect(manifest.bin).toEqual({ 'pingone-lambda-authorizer': 'dist/cli/main.js' });
    expect(manifest.files).toContain('dist/cli');
  });

  it('is given its environment and its output by the entry alone', () => {
    const takers = FILES.filter(({ code }) => /\bprocess\.(?:env|std|exit|argv)|\bconsole\./.test(code));
    expect(takers.map(({ path }) => path)).toEqual(['main.ts']);
  });

  it.each(FILES.map(({ path, text }) => [path, text] as const))(
    'has in %s a file that opens with its purpose and fits on a few screens',
    (_, text) => {
      expect(text).toMatch(/^(?:#![^\n]*\n)?\/\*\* [A-Z`][^\n]*[.:] ?[^\n]*\*\/\n/);
      expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
      expect(text).not.toMatch(/\b(?:TODO|FIXME)\b|@ts-|biome-ignore|\bexport default\b|\bexport \*/);
    },
  );

  it('has an example beside it', () => {
    expect(existsSync(`${ROOT}cli/examples/decisions.yaml`)).toBe(true);
  });
});
