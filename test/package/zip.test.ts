/** Rules of the zip: one folder, Ping's handler string, no install step, the same bytes from the same commit. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZip, type ZipEntry } from '../../local/lambda/unpack.ts';
import { requireValidBill } from '../../scripts/release-build.ts';
import { openWorkshop, packageIn, ROOT, type Workshop } from './workshop.ts';

let workshops: readonly Workshop[] = [];
let zips: readonly Buffer[] = [];
let entries: readonly ZipEntry[] = [];

beforeAll(async () => {
  workshops = [await openWorkshop(), await openWorkshop()];
  const places = [
    { TZ: 'Asia/Tokyo', LANG: 'C' },
    { TZ: 'America/New_York', LANG: 'de_DE.UTF-8' },
  ];
  const paths = await Promise.all(workshops.map((workshop, at) => packageIn(workshop, places[at])));
  zips = await Promise.all(paths.map(path => readFile(path)));
  entries = await readZip(zips[0] ?? Buffer.alloc(0));
}, 120_000);
afterAll(() => Promise.all(workshops.map(workshop => workshop.clear())));

const textOf = (name: string): string => entries.find(entry => entry.name === name)?.bytes.toString('utf8') ?? '';
const scripts = (): readonly ZipEntry[] => entries.filter(({ name }) => name.endsWith('.js'));
const AUTHORIZER = 'aws-lambda-authorizer/src/authorizer.js';

describe('the zip', () => {
  it('has the same bytes wherever, whenever and by whomever it is built', () => {
    expect(zips[0]?.length).toBeGreaterThan(50_000);
    expect(zips[0]?.equals(zips[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('has sorted entries, each of one time and one mode', () => {
    const names = entries.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(new Set(entries.map(({ modified }) => JSON.stringify(modified))).size).toBe(1);
    expect(new Set(entries.map(({ mode }) => mode))).toEqual(new Set([0o100644]));
    expect(new Set(entries.map(({ system }) => system))).toEqual(new Set([3]));
  });

  it('holds the handler where PingOne’s guide has people type it, and nothing that is not needed', () => {
    expect(entries.map(({ name }) => name)).toEqual([
      'aws-lambda-authorizer/LICENSE',
      'aws-lambda-authorizer/THIRD-PARTY-LICENSES',
      'aws-lambda-authorizer/package.json',
      'aws-lambda-authorizer/sbom.cdx.json',
      'aws-lambda-authorizer/src/after-answers.js',
      'aws-lambda-authorizer/src/authorizer.js',
      'aws-lambda-authorizer/src/aws-lambda-authorizer.mjs',
      'aws-lambda-authorizer/src/export.js',
      'aws-lambda-authorizer/src/parameter-store.js',
      'aws-lambda-authorizer/src/secrets-manager.js',
      'aws-lambda-authorizer/src/shadow.js',
      'aws-lambda-authorizer/src/token-judge.js',
    ]);
  });

  it('needs no install step: nothing is required but Node itself and its own files', () => {
    const names = new Set(entries.map(({ name }) => name.split('/').at(-1)));
    for (const { name, bytes } of scripts()) {
      const required = [...bytes.toString('utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
        ([, specifier = '']) => specifier,
      );
      const foreign = required.filter(
        specifier =>
          !(
            specifier.startsWith('node:') ||
            NODE_MODULES.has(specifier) ||
            OPTIONAL.has(specifier) ||
            names.has(specifier.replace('./', ''))
          ),
      );
      expect([name, foreign]).toEqual([name, []]);
    }
  });

  it('imports in the ES module that Lambda loads no part of Node but the loader of the rest', () => {
    const entry = textOf('aws-lambda-authorizer/src/aws-lambda-authorizer.mjs');
    expect(entry.match(/^import .*$|createRequire\(.*$/gm)).toEqual([
      "import { createRequire } from 'node:module';",
      "createRequire(import.meta.url)('./authorizer.js');",
    ]);
    expect(textOf('aws-lambda-authorizer/package.json')).toContain('"type":"commonjs"');
  });

  it('is small: the handler’s own file is read at every cold start', () => {
    expect(textOf(AUTHORIZER).length).toBeLessThan(256 * 1024);
    expect(zips[0]?.length).toBeLessThan(2 * 1024 * 1024);
  });

  it('keeps AWS’s and OpenTelemetry’s SDKs out of the handler’s file', () => {
    const handler = textOf(AUTHORIZER);
    for (const word of ['GetSecretValue', 'AmazonSSM', 'SigV4', 'OTLPTraceExporter', 'BatchSpanProcessor'])
      expect(handler).not.toContain(word);
  });

  it('tells nothing of where and from what it was built', () => {
    for (const { name, bytes } of entries) {
      const text = bytes.toString('utf8');
      for (const folder of [ROOT, ...workshops.map(({ folder }) => folder)])
        expect([name, text.includes(folder)]).toEqual([name, false]);
      expect([name, text.match(/sourceMappingURL|\/home\/|\/root\/|\/Users\//)]).toEqual([name, null]);
    }
    const handler = textOf(AUTHORIZER);
    expect(
      handler.match(
        /vitest|fast-check|fake-?pdp|\bnode_modules\b|https?:\/\/(?:localhost|127\.0\.0\.1)|src\/[a-z]+\//i,
      ),
    ).toBeNull();
    for (const canary of ['TODO', 'debugger;', 'console.log(']) expect(handler).not.toContain(canary);
  });

  it('names the licence of every package that is in it', () => {
    const notices = textOf('aws-lambda-authorizer/THIRD-PARTY-LICENSES');
    for (const name of [
      'opossum',
      '@smithy/node-http-handler',
      'lru-cache',
      '@aws-sdk/client-ssm',
      '@opentelemetry/api',
    ]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\S+\\)$`, 'm'));
    }
    expect(textOf('aws-lambda-authorizer/LICENSE')).toContain('Apache License');
  });

  it('has a bill of materials that names the same packages', () => {
    const bom: { bomFormat: string; components: { name: string; version: string; licenses: unknown[] }[] } = JSON.parse(
      textOf('aws-lambda-authorizer/sbom.cdx.json'),
    );
    const noticed = textOf('aws-lambda-authorizer/THIRD-PARTY-LICENSES').matchAll(/^(\S+ \d+\.\d+\.\d+) \(\S+\)$/gm);
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(bom.components.map(({ name, version }) => `${name} ${version}`).toSorted()).toEqual(
      [...new Set(noticed.map(([, named]) => named ?? ''))].toSorted(),
    );
    expect(bom.components.every(({ licenses }) => licenses.length === 1)).toBe(true);
  });

  it('has a bill of materials that CycloneDX’s own schema accepts', async () => {
    await requireValidBill(textOf('aws-lambda-authorizer/sbom.cdx.json'));
  });
});

/** The AWS SDK's own optional part for signatures of several regions: asked for inside a try, and not needed here. */
const OPTIONAL = new Set(['@aws-sdk/signature-v4-crt']);
const NODE_MODULES: ReadonlySet<string> = new Set(process.getBuiltinModule('node:module').builtinModules);
