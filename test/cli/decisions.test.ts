/** Rules of `test`: rows are decided by the service as the function would ask it, and what differs is said row by row. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Policy, parsePolicy } from '../../local/policy/policy.ts';
import { demoToken } from '../../local/policy/token.ts';
import { fileWith, runCommand, type Variables } from './command.ts';
import { credentialFor, settingsFor, startPdp, startService } from './services.ts';

const EXAMPLE = fileURLToPath(new URL('../../cli/examples/decisions.yaml', import.meta.url));
const POLICY = readFileSync(new URL('../../local/policy/policy.json', import.meta.url), 'utf8');

/** The demo's policy with one edit in its text. */
const changed = (before: string, after: string): Policy => {
  expect(POLICY).toContain(before);
  return parsePolicy(POLICY.replaceAll(before, after));
};

const settings = async (policy?: Policy): Promise<Variables> => {
  const { serviceUrl, credential } = await startService(policy);
  return settingsFor(serviceUrl, credential);
};

const rows = (yaml: string): string => fileWith('rows.yaml', `baseUrl: https://api.example.com\nrows:\n${yaml}\n`);

interface Report {
  readonly ok: boolean;
  readonly rows: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly problems: readonly string[];
    readonly answer: { readonly reasonCode: string };
  }[];
}

const testRows = async (file: string, env: Variables) => {
  const { code, stdout, stderr } = await runCommand(['test', file, '--json'], env);
  expect(stderr).toBe('');
  const report: Report = JSON.parse(stdout);
  const failed = report.rows.filter(({ passed }) => !passed);
  expect(code).toBe(failed.length === 0 ? 0 : 1);
  expect(report.ok).toBe(failed.length === 0);
  return { stdout, failed, problems: failed.flatMap(row => row.problems) };
};

describe('the example', () => {
  it('is passed entirely by the policy of npm start', async () => {
    const { code, stdout } = await runCommand(['test', EXAMPLE], await settings());
    expect(stdout).toMatch(/^pass {2}a customer reads an order +permit$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('10 passed, 0 failed');
    expect(code).toBe(0);
  });

  it.each([
    ['managers only cancel', '"roles": ["manager"],', '', ['a customer may not cancel one']],
    ['gold customers', '"{tier}"', '"basic"', ['a customer reads an order', 'a forged tier is replaced']],
    ['a second factor', '"acrValues": ["mfa"]', '"acrValues": ["passkey"]', ['after a second factor']],
    ['the scope of orders', '"orders:write"', '"orders:admin"', ['a customer places an order', 'a manager may']],
    ['the status of a denial', '"status": 403', '"status": 402', ['a customer may not cancel one']],
  ])('reports a changed policy about %s as exactly its rows', async (_, before, after, names) => {
    const { failed } = await testRows(EXAMPLE, await settings(changed(before, after)));
    expect(failed.map(({ name }) => name)).toEqual(names);
  });
});

describe('the service', () => {
  it('is the one of --service, if that is given', async () => {
    const { PINGONE_SERVICE_URL: url = '', ...others } = await settings();
    const env = { ...others, PINGONE_SERVICE_URL: 'https://nowhere.invalid' };
    const { code, stdout } = await runCommand(['test', EXAMPLE, '--service', url], env);
    expect(stdout).toContain('10 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('is not asked if the settings are wrong: each problem is told, with exit code 2', async () => {
    const { code, stdout, stderr } = await runCommand(['test', EXAMPLE], { BREAKER_ENABLED: 'yes' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/BREAKER_ENABLED must be[\s\S]*PINGONE_SERVICE_URL is required/);
  });
});

describe('a row', () => {
  it('goes to the service as the function sends a request of a REST API', async () => {
    const pdp = await startPdp({ otherwise: { kind: 'permit' } });
    const token = demoToken({ sub: 'alice' });
    const file = rows(`  - method: post
    url: /a%20b/c?x=1&x=2&y=%C3%A9
    headers: { X-One: [a, b], accept: text/plain }
    sourceIp: 198.51.100.9
    token: { env: TOKEN }
    expect: permit`);
    await testRows(file, { ...settingsFor(pdp.url), TOKEN: `Bearer ${token}` });
    expect(pdp.violations).toEqual([]);
    expect(pdp.calls[0]?.body).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/a%20b/c?x=1&x=2&y=%C3%A9',
      source_ip: '198.51.100.9',
      headers: [
        { 'X-One': 'a' },
        { 'X-One': 'b' },
        { accept: 'text/plain' },
        { Authorization: `Bearer ${token}` },
        { Host: 'api.example.com' },
        { 'X-Forwarded-For': '198.51.100.9' },
      ],
    });
  });

  it.each([
    ['expects a deny', '', ['no decision of the service: PDP_UNREACHABLE']],
    ['expects just that', ', reasonCode: PDP_UNREACHABLE', []],
  ])('that %s of a service that is down is judged by that', async (_, more, problems) => {
    const service = await startService();
    await service.setMode({ kind: 'down' });
    const file = rows(`  - { url: /a, expect: deny${more} }`);
    expect((await testRows(file, settingsFor(service.serviceUrl))).problems).toEqual(problems);
  });

  it.each([
    ['has another value', '{ X-A: other }', 'header x-a has another value'],
    ['is missing', '{ X-A: secret-value, X-B: b }', 'header x-b is missing'],
    ['changed as well', '{}', 'header x-a changed as well'],
    ['is still there', '{ X-A: null }', 'header x-a is still there'],
  ])('says that a header %s, and never shows its value', async (_, expected, problem) => {
    const { url } = await startPdp({ otherwise: { kind: 'permit', edits: { set: [['X-A', 'secret-value']] } } });
    const file = rows(`  - { url: /a, expect: permit, changedHeaders: ${expected} }`);
    const { stdout, problems } = await testRows(file, settingsFor(url));
    expect(problems).toEqual([problem]);
    expect(stdout).not.toContain('secret-value');
  });

  it('is asked for on its own: no breaker opens, no gate refuses, nothing is cached, whatever the settings say', async () => {
    const pdp = await startPdp({ otherwise: { kind: 'reply', status: 500 } });
    const file = rows('  - { url: /a, expect: permit, token: { env: TOKEN } }\n'.repeat(5));
    const own = { DECISION_CACHE_TTL_MS: '60000', BREAKER_VOLUME_THRESHOLD: '1', TOKEN_GATE: 'shape', TOKEN: 'opaque' };
    const { failed } = await testRows(file, { ...settingsFor(pdp.url), ...own });
    expect(failed.map(({ answer }) => answer.reasonCode)).toEqual(Array(5).fill('PDP_ERROR'));
    pdp.otherwise({ kind: 'permit' });
    await testRows(file, { ...settingsFor(pdp.url), ...own });
    expect(pdp.callCount).toBe(10);
  });

  it('says what differs of a denial', async () => {
    const file = rows('  - { url: /dev/orders, expect: deny, status: 403, reasonCode: POLICY_DENIED }');
    const { problems } = await testRows(file, await settings());
    expect(problems).toEqual(['expected status 403, got 401', 'expected POLICY_DENIED, got UNAUTHENTICATED']);
  });
});

describe('a token', () => {
  it.each([
    ['a variable that is not set', '{ env: NOBODY }', /The variable NOBODY is not set/],
    ['a command that fails', '{ command: exit 3 }', /The command "exit 3" failed/],
    ['a command that prints nothing', '{ command: "true" }', /printed something that cannot be sent/],
  ])('that should come from %s ends the command before anything is asked', async (_, token, message) => {
    const service = await startService();
    const env = settingsFor(service.serviceUrl, service.credential);
    const { code, stdout, stderr } = await runCommand(
      ['test', rows(`  - { url: /a, expect: deny }\n  - { url: /a, expect: deny, token: ${token} }`)],
      env,
    );
    expect({ code, stdout, calls: service.calls }).toEqual({ code: 2, stdout: '', calls: 0 });
    expect(stderr).toMatch(message);
  });

  it('is shown by no output', async () => {
    const token = demoToken({ sub: 'alice', exp: Date.now() / 1000 + 600 });
    const file = rows('  - { url: /dev/orders, token: { env: TOKEN }, expect: permit }');
    const report = fileWith('report.xml', '');
    const env = { ...(await settings()), TOKEN: token };
    const table = await runCommand(['test', file, '--junit', report], env);
    const json = await runCommand(['test', file, '--json'], env);
    const written = [table.stdout, table.stderr, json.stdout, json.stderr, readFileSync(report, 'utf8')].join('\n');
    expect(written).toContain('POLICY_DENIED');
    for (const part of token.split('.')) expect(written).not.toContain(part);
  });
});

describe('two services', () => {
  const compare = async (one: Variables, other: Variables, own: Variables = {}, ...options: readonly string[]) =>
    runCommand(['test', EXAMPLE, '--against', other['PINGONE_SERVICE_URL'] ?? '', ...options], {
      ...one,
      AGAINST_GATEWAY_CREDENTIAL: other['PINGONE_GATEWAY_CREDENTIAL'] ?? '',
      ...own,
    });

  it('that decide alike give no row and exit code 0', async () => {
    const { code, stdout } = await compare(await settings(), await settings());
    expect({ code, stdout }).toEqual({ code: 0, stdout: '10 alike, 0 different\n' });
  });

  it('give the rows that they decide differently, and only those, and exit code 1', async () => {
    const other = changed('"roles": ["manager"],', '"roles": ["nobody"],');
    const { code, stdout } = await compare(await settings(), await settings(other));
    expect(code).toBe(1);
    expect(stdout).toBe('differs  a manager may  permit / deny 403 POLICY_DENIED\n\n9 alike, 1 different\n');
  });

  it('that set another value of a header differ in the header, whose value is not shown', async () => {
    const { stdout } = await compare(await settings(), await settings(changed('"{tier}"', '"basic"')), {}, '--json');
    const { rows: found }: { rows: { differences: string[] }[] } = JSON.parse(stdout);
    expect(found.map(({ differences }) => differences)).toEqual(Array(3).fill(['header x-customer-tier']));
    expect(stdout).not.toMatch(/basic|gold/);
  });

  it('share the credential if the other one has none of its own', async () => {
    const pdp = await startPdp({ otherwise: { kind: 'permit' } });
    const one = settingsFor(pdp.url, credentialFor(pdp.url));
    const { stdout } = await compare(one, { ...one, PINGONE_GATEWAY_CREDENTIAL: '' });
    expect(stdout).toContain('10 alike');
    expect(new Set(pdp.calls.map(({ credential }) => credential)).size).toBe(1);
  });
});

describe('a JUnit report', () => {
  it('has a case for each row, with the place of the row and what is wrong', async () => {
    const file = rows('  - { name: "a <b> & c", url: /a, expect: permit }\n  - { url: /a, expect: deny }');
    const report = fileWith('report.xml', '');
    await runCommand(['test', file, '--junit', report], await settings());
    const xml = readFileSync(report, 'utf8');
    expect(xml).toMatch(/<testsuite name="[^"]*rows\.yaml" tests="2" failures="1" errors="0" time="\d+\.\d{3}">/);
    expect(xml).toMatch(
      /<testcase classname="decisions" name="a &#60;b&#62; &#38; c" file="[^"]*" line="3" time="[\d.]+">/,
    );
    expect(xml).toContain('<failure message="expected permit, got deny 404 POLICY_DENIED">');
    expect(xml).toMatch(/name="GET \/a" file="[^"]*" line="4" time="[\d.]+"\/>/);
  });
});
