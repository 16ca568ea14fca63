/** Rules of `npm run package:edge`: a small, reproducible zip without secrets, or a sentence that says what is wrong. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  it('holds the function, the one secret store and the licences, far below CloudFront’s limit', async () => {
    const zip = build('a.zip');
    expect(zip.length).toBeLessThan(300_000);
    expect((await readZip(zip)).map(({ name }) => name)).toEqual([
      'aws-lambda-edge/LICENSE',
      'aws-lambda-edge/THIRD-PARTY-LICENSES',
      'aws-lambda-edge/package.json',
      'aws-lambda-edge/sbom.cdx.json',
      'aws-lambda-edge/src/aws-lambda-edge.js',
      'aws-lambda-edge/src/secrets-manager.js',
    ]);
  });

  it('has a bill of materials that names the packages whose licences it names', async () => {
    const entries = await readZip(build('bom.zip'));
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

  it('reads no environment variable of ours and leaves API Gateway’s half at home', async () => {
    const code =
      (await readZip(build('e.zip'))).find(({ name }) => name.endsWith('aws-lambda-edge.js'))?.bytes.toString() ?? '';
    expect(code).toMatch(/AUTHORIZER_DEADLINE_MS:"3500"/);
    expect(code).not.toMatch(/process\.env\.(?:PINGONE|AUTHORIZER|BREAKER|DEBUG|LOG_LEVEL|METRICS)/);
    expect(code).not.toContain('execute-api:Invoke');
  });

  it('holds both stores if the stored settings are in the other one', async () => {
    const zip = build('both.zip', { ...GOOD, SETTINGS_PARAMETER: '/pingone/edge' });
    const names = (await readZip(zip)).map(({ name }) => name);
    expect(names).toContain('aws-lambda-edge/src/parameter-store.js');
    expect(names).toContain('aws-lambda-edge/src/secrets-manager.js');
  });

  it('holds the parameter store where the credential is there', async () => {
    const { PINGONE_GATEWAY_CREDENTIAL_SECRET: _, ...others } = GOOD;
    const zip = build('f.zip', { ...others, PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/pingone' });
    const names = (await readZip(zip)).map(({ name }) => name);
    expect(names).toContain('aws-lambda-edge/src/parameter-store.js');
    expect(names).not.toContain('aws-lambda-edge/src/secrets-manager.js');
  });

  it('holds the token gate if that is on', async () => {
    const names = (await readZip(build('g.zip', { ...GOOD, TOKEN_GATE: 'shape' }))).map(({ name }) => name);
    expect(names).toContain('aws-lambda-edge/src/token-judge.js');
  });
});

describe('what CloudFront may not take', () => {
  const run = (...args: readonly string[]) => {
    const config = configFile(JSON.stringify(GOOD), 'limits.json');
    return spawnSync(process.execPath, [SCRIPT, '--config', config, '--out', join(folder, 'limits.zip'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  };

  it('is no matter within the limits of all of AWS’s pages', () => {
    const { status, stderr } = run('--memory', '128', '--timeout', '5');
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is warned of above the old limits, and packaged', () => {
    const { status, stderr, stdout } = run('--memory', '256', '--timeout', '10');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^package:edge: warning: The memory is 256 MB: .* 128 MB .* 10240 /m);
    expect(stderr).toMatch(/^package:edge: warning: The timeout is 10 s: .* 5 s .* 30 /m);
    expect(stdout).toContain('256 MB, timeout 10 s');
  });

  it('is refused above the certain ones', () => {
    const { status, stderr } = run('--timeout', '31');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^package:edge: The timeout would be 31 s: /)]);
    expect(run('--memory', '10241').status).toBe(1);
    expect(run('--memory', 'much').stderr).toContain('--memory must be a whole number');
  });

  it('is warned of if the deadline leaves no time, as a deadline above the old limit is', () => {
    const config = configFile(JSON.stringify({ ...GOOD, AUTHORIZER_DEADLINE_MS: 6000 }), 'slow.json');
    const out = join(folder, 'slow.zip');
    const said = (timeout: string) =>
      spawnSync(process.execPath, [SCRIPT, '--config', config, '--out', out, '--timeout', timeout], {
        cwd: ROOT,
        encoding: 'utf8',
      }).stderr;
    expect(said('6')).toMatch(/is above 4800[\s\S]*leaves the function no time/);
    expect(said('7')).not.toContain('leaves the function no time');
  });
});

describe('the program that the npm package ships', () => {
  it('makes the same bytes without esbuild and sources, and says the same of what is wrong', () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/edge-build.ts')], { cwd: ROOT });
    const shipped = join(folder, 'shipped');
    cpSync(join(ROOT, 'dist/edge'), shipped, { recursive: true });
    const [config, out] = [configFile(JSON.stringify(GOOD), 'shipped.json'), join(folder, 'shipped.zip')];
    const program = join(shipped, 'package-edge.js');
    execFileSync(process.execPath, [program, '--config', config, '--out', out], { cwd: folder });
    expect(readFileSync(out).equals(build('here.zip'))).toBe(true);
    const wrong = spawnSync(process.execPath, [program, '--config', configFile('{"FOO":1}', 'wrong.json')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('FOO is no setting')]);
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
