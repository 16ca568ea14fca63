/** Our rules that no linter checks, each with its reason. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesBelow, packageOf, ROOT, SOURCES } from './source.ts';

const using = (pattern: RegExp): string[] => SOURCES.filter(({ code }) => pattern.test(code)).map(({ path }) => path);

/** Whether a file has code to test: types, interfaces and re-exports have no behaviour. */
const hasBehaviour = (code: string): boolean =>
  /=>|\bclass\b/.test(
    code.replace(/^(?:export )?interface [\s\S]*?^\}/gm, '').replace(/^(?:export )?type [\s\S]*?;$/gm, ''),
  );

describe('a Permit', () => {
  it('is made only in sideband/reply.ts, so that no other code can let a request in', () => {
    const importers = SOURCES.filter(({ code }) => /import[^;]*\bpermit\b[^;]*from '[^']*decision\.ts'/.test(code));
    expect(importers.map(({ path }) => path)).toEqual(['sideband/reply.ts']);
    expect(using(/\bpermit\(/).filter(path => path !== 'sideband/reply.ts')).toEqual([]);
  });

  it('is branded only in decision.ts, so that no other file can write one as a literal', () => {
    expect(using(/\bas Permit\b/)).toEqual(['domain/decision.ts']);
    expect(using(/\bminted\b/)).toEqual(['domain/decision.ts']);
  });

  it('is never what a preflight becomes: that is a type of its own, and one file makes it', () => {
    expect(using(/effect: 'preflight', ending/)).toEqual(['edge/preflight.ts']);
    expect(using(/'passed'/)).toEqual(['corridor/port.ts', 'edge/preflight.ts']);
    const source = SOURCES.find(({ path }) => path === 'edge/preflight.ts')?.code ?? '';
    expect(source).not.toMatch(/[Pp]ermit\b|decision\.ts|\bdeny\b/);
  });

  it('becomes IAM’s Allow in only one file', () => {
    expect(using(/'Allow'/)).toEqual(['gateway/response.ts']);
  });
});

describe('the outside world', () => {
  it('is imported by only one file for each package, so that a package can be replaced in one place', () => {
    const importers = new Map<string, Set<string>>();
    for (const { path, imports } of SOURCES) {
      for (const { specifier } of imports) {
        const name = packageOf(specifier);
        if (name !== undefined) importers.set(name, (importers.get(name) ?? new Set()).add(path));
      }
    }
    // Its two stores have a file each, so that a store is loaded only if it is configured.
    importers.delete('@aws-lambda-powertools/parameters');
    // The exporter and the queue in front of it share the SDK's types.
    importers.delete('@opentelemetry/sdk-trace-node');
    expect([...importers].filter(([, files]) => files.size > 1)).toEqual([]);
  });

  it('is imported only from packages that package.json lists', () => {
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { dependencies: object };
    const imported = SOURCES.flatMap(({ imports }) => imports.flatMap(({ specifier }) => packageOf(specifier) ?? []));
    expect([...new Set(imported)].filter(name => !(name in dependencies))).toEqual([]);
  });

  it('is reached only by the files for network access', () => {
    expect(using(/'node:https?'|'node:net'|'node:tls'/)).toEqual([
      'gate/key-server.ts',
      'pdp/connection-pool.ts',
      'telemetry/extension.ts',
    ]);
    expect(using(/\bfetch\(/).filter(path => !/^(?:pdp\/decision-cache|gate\/kept-keys)/.test(path))).toEqual([]);
    expect(using(/'node:(?:fs|child_process|vm|cluster|dgram)/)).toEqual([]);
    // Whether it runs in a worker thread may be asked, but no thread is started.
    const askingForTheThread = /import \{ isMainThread \} from 'node:worker_threads'/;
    expect(using(/'node:worker_threads/)).toEqual(using(askingForTheThread));
  });

  it('gives its environment variables only to the entries; all other code gets a configuration', () => {
    expect(
      using(/\bprocess\.env\b/).filter(path => !/^(?:aws-lambda-authorizer|aws-lambda-edge)\.ts$/.test(path)),
    ).toEqual([]);
  });

  it('is written to only by the log, because Lambda wraps `console` and metrics would be lost', () => {
    expect(using(/\bconsole\.|\bprocess\.std/)).toEqual(['telemetry/log.ts']);
  });
});

describe('time', () => {
  it('comes from the injected clock, so that tests can control it: only systemClock reads the system’s', () => {
    expect(
      using(/\bDate\.now|\bnew Date\(\)|\bMath\.random|\bperformance\.|\bsetTimeout\b|\bAbortSignal\.timeout/),
    ).toEqual(['domain/clock.ts']);
    // The timer of the export: it stands still in a frozen environment, and does no harm there.
    expect(using(/\bsetInterval\b/)).toEqual(['telemetry/export.ts']);
  });
});

describe('types', () => {
  it('are asserted with `as` only where unknown values come in', () => {
    const casts = SOURCES.flatMap(({ path, code }) =>
      [...code.replace(/^import[^;]*;/gm, '').matchAll(/\bas (?!const\b)[A-Z]\w*/g)].map(
        ([cast]) => `${path}: ${cast}`,
      ),
    );
    expect(casts).toEqual([
      'config/variable-table.ts: as ValuesOf',
      'domain/decision.ts: as Permit',

      'domain/json.ts: as Members',
    ]);
  });

  it('are never silenced', () => {
    expect(using(/@ts-|\bany\b(?=[\s;,)>\]|])|biome-ignore|\w!\.|\w!;/)).toEqual([]);
    expect(SOURCES.filter(({ text }) => /@ts-|biome-ignore|eslint/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('a file', () => {
  it.each(SOURCES.map(({ path, text }) => [path, text] as const))(
    '%s opens with a sentence of purpose and has at most 200 lines',
    (_, text) => {
      expect(text).toMatch(/^\/\*\* [A-Z`a-z][^\n]*[.:?] ?[^\n]*\*\/\n|^\/\*\*\n \* [A-Z`]/);
      expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
    },
  );

  it('exports by name, never by default and never `*`, so that a reader finds where a name comes from', () => {
    expect(using(/\bexport default\b|\bexport \*/)).toEqual([]);
  });

  it('holds no note for later, and is not named like a collection of leftovers', () => {
    expect(SOURCES.filter(({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(
      SOURCES.filter(({ path }) => /(?:^|\/)(?:utils?|common|helpers?|lib|misc|shared|types|manager)\b/.test(path)),
    ).toEqual([]);
  });

  it('does not name a function like one of another file, so that a search by name finds the function that is meant', () => {
    const files = new Map<string, Set<string>>();
    for (const { path, code } of SOURCES) {
      for (const { groups } of code.matchAll(FUNCTION)) {
        const name = groups?.['declared'] ?? groups?.['arrow'] ?? '';
        if (!PORTS.has(name)) files.set(name, (files.get(name) ?? new Set()).add(path));
      }
    }
    expect(files.size).toBeGreaterThan(200);
    expect([...files].filter(([, paths]) => paths.size > 1).map(([name, paths]) => [name, ...paths])).toEqual([]);
  });

  it.each(SOURCES.filter(({ code }) => hasBehaviour(code)).map(({ path }) => path))(
    '%s has a test file at the mirrored path, or is listed with the test that covers it',
    path => {
      const twin = path.replace(/\.ts$/, '.test.ts');
      const exists = existsSync(`${ROOT}test/unit/${twin}`) || existsSync(`${ROOT}test/${twin}`);
      expect(exists || TWINLESS.has(path)).toBe(true);
    },
  );

  it('that is listed with another test still exists, and has no test file of its own', () => {
    for (const [path, twin] of TWINLESS) {
      expect(existsSync(`${ROOT}test/unit/${path.replace(/\.ts$/, '.test.ts')}`), path).toBe(false);
      expect(existsSync(`${ROOT}src/${path}`), path).toBe(true);
      expect(existsSync(`${ROOT}test/${twin}`), twin).toBe(true);
    }
  });
});

/** A function of a file: a declaration, or a constant that begins like an arrow function. */
const FUNCTION =
  /^(?:export )?(?:async )?function (?<declared>\w+)|^(?:export )?const (?<arrow>\w+)(?:: [^=]+)? =\s+(?:async )?(?:<[^(]*>)?(?:\(|\w+ =>)/gm;

/** Each of the two gateways has these, with one meaning; each entry has its handler. */
const PORTS: ReadonlySet<string> = new Set(['readRequest', 'unappliedChanges', 'traceHeaders', 'handler']);

/** Files without a test file of their own, and the test that covers each. */
const TWINLESS: ReadonlyMap<string, string> = new Map([
  ['credential/secrets-manager.ts', 'unit/credential/secret-stores.test.ts'],
  ['credential/parameter-store.ts', 'unit/credential/secret-stores.test.ts'],
  ['compose-parts.ts', 'unit/compose.test.ts'],
  ['config/configuration.ts', 'unit/config/load-config.test.ts'],
  ['lambda/url-encoding.ts', 'unit/gateway/url.test.ts'],
  ['credential/secret-text.ts', 'unit/credential/fetched-credential.test.ts'],
  ['edge/body.ts', 'edge/event.test.ts'],
  ['edge/header-maps.ts', 'edge/event.test.ts'],
  ['edge/function-restrictions.ts', 'edge/edited-request.test.ts'],
  ['edge/cloudfront.ts', 'edge/edge.test.ts'],
  ['edge/refused-settings.ts', 'edge/settings.test.ts'],
  ['edge/variables.ts', 'edge/settings.test.ts'],
  ['edge/settings-source.ts', 'edge/settings.test.ts'],
  ['aws-lambda-edge.ts', 'edge/package.test.ts'],
  ['telemetry/export.ts', 'telemetry/spans.test.ts'],
]);

describe('the unit tests', () => {
  it('have no test file whose source is gone', () => {
    const orphans = filesBelow('test/unit')
      .filter(path => path.endsWith('.test.ts') && !/^(?:support|local|bench|deploy|proof)\//.test(path))
      .filter(path => !existsSync(`${ROOT}src/${path.replace(/\.test\.ts$/, '.ts')}`));
    expect(orphans).toEqual([]);
  });
});

describe('the npm scripts', () => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };

  it.each(['start', 'test', 'check', 'bench', 'package', 'package:edge', 'proof'])('include %s', name => {
    expect(scripts[name]).toMatch(/\S/);
  });

  it('that CI runs are in one file, which installs and tests', () => {
    expect(readFileSync(`${ROOT}.ci/run`, 'utf8')).toContain('npm ci && npm test');
    expect(scripts['test']).toContain('vitest run');
  });
});
