/** Rules of `npm run package:edge`: a small, reproducible zip without secrets, or a sentence that says what is wrong. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readZip } from '../../local/lambda/unpack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = join(ROOT, 'scripts/package-edge.ts');
const GOOD = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
  AUTHORIZER_DEADLINE_MS: 3500,
  SEND_BODY: true,
};

/** Looks like the gateway credentials that PingOne makes. */
const CREDENTIAL = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl';

const folder = mkdtempSync(join(tmpdir(), 'package-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configFile = (text: string, name = 'edge.json'): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const build = (out: string, settings: object = GOOD, env: NodeJS.ProcessEnv = {}): Buffer => {
  const file = join(folder, out);
  execFileSync(
    process.execPath,
    [SCRIPT, '--config', configFile(JSON.stringify(settings), `${out}.json`), '--out', file],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
    },
  );
  return readFileSync(file);
};

const refusal = (...args: readonly string[]): string => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
};

describe('the edge package', () => {
  it('holds the function, the one secret store and the licences, far below CloudFront’s limit', () => {
    const zip = build('a.zip');
    expect(zip.length).toBeLessThan(300_000);
    expect(readZip(zip).map(({ name }) => name)).toEqual([
      'aws-lambda-edge/LICENSE',
      'aws-lambda-edge/THIRD-PARTY-LICENSES',
      'aws-lambda-edge/package.json',
      'aws-lambda-edge/sbom.cdx.json',
      'aws-lambda-edge/src/aws-lambda-edge.js',
      'aws-lambda-edge/src/secrets-manager.js',
    ]);
  });

  it('has a bill of materials that names the packages whose licences it names', () => {
    const entries = readZip(build('bom.zip'));
    const textOf = (name: string) => entries.find(entry => entry.name === `aws-lambda-edge/${name}`)?.bytes.toString();
    const bom: { bomFormat: string; components: { name: string; version: string }[] } = JSON.parse(
      textOf('sbom.cdx.json') ?? '',
    );
    const noticed = textOf('THIRD-PARTY-LICENSES')?.matchAll(/^(\S+ \d+\.\d+\.\d+) \(\S+\)$/gm) ?? [];
    const named = bom.components.map(({ name, version }) => `${name} ${version}`);
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(named.toSorted()).toEqual([...new Set([...noticed].map(([, text]) => text ?? ''))].toSorted());
    expect(named).toContainEqual(expect.stringMatching(/^@aws-sdk\/client-secrets-manager /));
  });

  it('is the same bytes for the same settings, in any time zone, and others for others', () => {
    const once = build('b.zip', GOOD, { TZ: 'Asia/Tokyo' });
    expect(build('c.zip', GOOD, { TZ: 'UTC' }).equals(once)).toBe(true);
    expect(build('d.zip', { ...GOOD, SEND_BODY: false }).equals(once)).toBe(false);
  });

  it('reads no environment variable of ours and leaves API Gateway’s half at home', () => {
    const code =
      readZip(build('e.zip'))
        .find(({ name }) => name.endsWith('aws-lambda-edge.js'))
        ?.bytes.toString() ?? '';
    expect(code).toMatch(/AUTHORIZER_DEADLINE_MS:"3500"/);
    expect(code).not.toMatch(/process\.env\.(?:PINGONE|AUTHORIZER|BREAKER|DEBUG|LOG_LEVEL|METRICS)/);
    expect(code).not.toContain('execute-api:Invoke');
  });

  it('holds the parameter store where the credential is there', () => {
    const { PINGONE_GATEWAY_CREDENTIAL_SECRET: _, ...others } = GOOD;
    const names = readZip(build('f.zip', { ...others, PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/pingone' })).map(
      entry => entry.name,
    );
    expect(names).toContain('aws-lambda-edge/src/parameter-store.js');
    expect(names).not.toContain('aws-lambda-edge/src/secrets-manager.js');
  });

  it('holds the token gate if that is on', () => {
    const names = readZip(build('g.zip', { ...GOOD, TOKEN_GATE: 'shape' })).map(({ name }) => name);
    expect(names).toContain('aws-lambda-edge/src/token-judge.js');
  });
});

describe('a configuration that is wrong', () => {
  it('is named when it is not there, with the usage when nothing names one', () => {
    expect(refusal('--config', '/nowhere/edge.json')).toContain(
      '/nowhere/edge.json cannot be read: there is no such file',
    );
    expect(refusal()).toMatch(/--config is missing\nUsage: npm run package:edge/);
    expect(refusal('--confg', 'x')).toContain('Usage:');
    expect(refusal('--config', folder)).toContain('EISDIR');
  });

  it('is never quoted where it is no JSON', () => {
    const said = refusal('--config', configFile('{\n"PINGONE_GATEWAY_CREDENTIAL": "canary-4711",,\n}'));
    expect(said).toContain('is not valid JSON');
    expect(said).not.toContain('canary');
    expect(refusal('--config', configFile('[]'))).toContain('must hold one JSON object');
    expect(refusal('--config', configFile('{"SEND_BODY":["x"],"DEBUG":null}'))).toContain(
      'SEND_BODY, DEBUG must be text',
    );
  });

  it.each([
    ['where its name belongs', { PINGONE_GATEWAY_CREDENTIAL_SECRET: CREDENTIAL }],
    ['inside a name', { PINGONE_GATEWAY_CREDENTIAL_SECRET: `pingone/${CREDENTIAL}` }],
    ['in JSON', { PINGONE_GATEWAY_CREDENTIAL_SECRET: `{"credential":"${CREDENTIAL}"}` }],
    ['in an object', { PINGONE_GATEWAY_CREDENTIAL_SECRET: { credential: CREDENTIAL } }],
    ['in another setting', { PINGONE_CREDENTIAL_HEADER: CREDENTIAL }],
    ['as a name', { [CREDENTIAL]: 'x' }],
    ['as a name without a value', { [CREDENTIAL]: null }],
  ])('is refused for a pasted credential %s, which is neither zipped nor printed', (_, change) => {
    const out = join(folder, 'credential.zip');
    const said = refusal('--config', configFile(JSON.stringify({ ...GOOD, ...change })), '--out', out);
    expect(said).toMatch(/holds a token|must be text/);
    expect(said).not.toContain(CREDENTIAL.split('.')[1]);
    expect(existsSync(out)).toBe(false);
  });

  it('is told in full, with no zip left behind', () => {
    const out = join(folder, 'never.zip');
    const config = configFile(JSON.stringify({ ...GOOD, PINGONE_GATEWAY_CREDENTIAL: 'canary-4711', FOO: 1 }));
    const said = refusal('--config', config, '--out', out);
    expect(said).toMatch(/- PINGONE_GATEWAY_CREDENTIAL must not be in a package/);
    expect(said).toMatch(/- FOO is no setting/);
    expect(said).not.toContain('canary');
    expect(existsSync(out)).toBe(false);
  });
});
