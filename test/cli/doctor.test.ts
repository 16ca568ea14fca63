/** Rules of `doctor`: each fault gives its own line with a remedy and exit code 1, and nothing secret is shown. */
import { describe, expect, it } from 'vitest';
import { startFakeAws } from './aws.ts';
import { fileWith, runCommand, type Variables } from './command.ts';
import { otherVersion, PLANTED, type Planted, PROBE, sound } from './doctor-faults.ts';
import { CANARY, credentialFor, settingsFor, startPdp, startService } from './services.ts';

interface Check {
  readonly check: string;
  readonly verdict: string;
  readonly says: string;
  readonly remedy?: string;
}

const examine = async ({ env, args = PROBE }: Planted) => {
  const { code, stdout, stderr } = await runCommand(['doctor', '--json', ...args], env);
  expect(stderr).toBe('');
  const report: { ok: boolean; checks: Check[] } = JSON.parse(stdout);
  const secret = env['PINGONE_GATEWAY_CREDENTIAL'] ?? CANARY;
  expect(stdout).not.toContain(secret);
  expect(stdout).not.toContain(CANARY);
  const wrong = report.checks.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
  return {
    code,
    report,
    wrong,
    verdictOf: (name: string) => report.checks.find(({ check }) => check === name)?.verdict,
  };
};

describe('a sound set-up', () => {
  it.each(Object.entries(sound))('has no line that warns or fails, and exit code 0: %s', async (_, plant) => {
    const { code, report, wrong } = await examine(await plant());
    expect(wrong).toEqual([]);
    expect(report.ok).toBe(true);
    expect(code).toBe(0);
  });

  it('has every step to the service checked, certificate and probe included', async () => {
    const { verdictOf } = await examine(await sound.tls());
    for (const check of [
      'settings',
      'credential',
      'credential type',
      'DNS',
      'TCP',
      'TLS handshake',
      'certificate',
      'probe',
    ])
      expect([check, verdictOf(check)]).toEqual([check, 'ok']);
  });

  it('has function and API checked if they are named', async () => {
    const { verdictOf } = await examine(await sound.http());
    for (const check of ['function', 'API authorizer', 'API caching', 'API response format', 'API identity sources'])
      expect([check, verdictOf(check)]).toEqual([check, 'ok']);
  });
});

describe('a planted fault', () => {
  it.each(PLANTED)(
    '%s gives one line of the check "%s", with a remedy, and exit code 1',
    async (_, check, says, plant) => {
      const { code, report, wrong } = await examine(await plant());
      expect(wrong).toEqual([
        { check, verdict: 'fail', says: expect.stringMatching(says), remedy: expect.stringMatching(/\w/) },
      ]);
      expect(report.ok).toBe(false);
      expect(code).toBe(1);
    },
  );
});

describe('several faults', () => {
  it('of the settings each have their line', async () => {
    const { wrong } = await examine({ env: { BREAKER_ENABLED: 'yes', PINGONE_RETRIES: '9' } });
    expect(wrong.map(({ check }) => check)).toEqual(['settings', 'settings', 'settings', 'settings']);
  });
});

describe('a warning', () => {
  const warned = async (planted: Planted): Promise<readonly string[]> => {
    const { code, wrong } = await examine(planted);
    expect(wrong.map(({ verdict }) => verdict)).toEqual(wrong.map(() => 'warn'));
    expect(code).toBe(0);
    return wrong.map(({ check }) => check);
  };
  const withVariables = async (changes: Variables): Promise<Planted> => {
    const { serviceUrl, credential } = await startService();
    return { env: { ...settingsFor(serviceUrl, credential), ...changes } };
  };

  it('names a variable that has no effect, and leaves exit code 0', async () => {
    expect(await warned(await withVariables({ BREAKER_RESET: '5000' }))).toEqual(['settings']);
  });

  it('says that the API calls another version of the function, and which to name', async () => {
    const { wrong } = await examine(await otherVersion.alias());
    expect(wrong).toEqual([
      {
        check: 'API authorizer',
        verdict: 'warn',
        says: 'pingone calls live, and the settings above are those of $LATEST',
        remedy: 'Name what the API calls: --function authorizer:live.',
      },
    ]);
    expect(await warned(await otherVersion.latest())).toEqual(['API authorizer']);
  });

  it('says that a URL is permitted without a token', async () => {
    const { url } = await startPdp({ otherwise: { kind: 'permit' } });
    expect(await warned({ env: settingsFor(url) })).toEqual(['probe']);
  });

  it('says that a credential is old', async () => {
    const { url } = await startPdp({
      otherwise: { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer']] },
    });
    const old = credentialFor(url, { iat: Date.now() / 1000 - 400 * 86_400 });
    expect(await warned({ env: settingsFor(url, old) })).toEqual(['credential age']);
  });
});

describe('the settings', () => {
  it('of a file are the whole configuration: what the environment says of PingOne does not count', async () => {
    const { serviceUrl, credential } = await startService();
    const lines = Object.entries(settingsFor(serviceUrl, credential)).map(([name, value]) => `${name}=${value}`);
    const file = fileWith('own.env', lines.join('\n'));
    const { code, wrong } = await examine({
      env: { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'another', BREAKER_RESET_MS: 'wrong' },
      args: ['--env-file', file, ...PROBE],
    });
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
  });

  it('cannot be read from a file that is not there, which is named', async () => {
    const { code, stderr } = await runCommand(['doctor', '--env-file', 'nowhere.env']);
    // Node reads a file of this option itself, wherever the option stands, and ends with 9 before we begin.
    expect([2, 9]).toContain(code);
    expect(stderr).toMatch(/nowhere\.env/);
  });

  it('of an API that cannot be read are said to be so', async () => {
    const { serviceUrl, credential } = await startService();
    const env = { ...settingsFor(serviceUrl, credential), ...(await startFakeAws({})) };
    const { wrong } = await examine({ env, args: ['--rest-api', 'rest1'] });
    expect(wrong).toMatchObject([{ check: 'API authorizer', says: expect.stringMatching(/rest1 cannot be read/) }]);
  });
});

describe('a report for people', () => {
  it('has one line for each check, the remedy behind an arrow, and counts at the end', async () => {
    const { code, stdout } = await runCommand(['doctor'], { PINGONE_GATEWAY_CREDENTIAL: 'x' });
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^fail {5}settings +PINGONE_SERVICE_URL is required → Set PINGONE_SERVICE_URL: /);
    expect(lines.slice(1, -2).every(line => line.startsWith('skipped  '))).toBe(true);
    expect(lines.at(-1)).toMatch(/^0 ok, 0 warn, 1 fail, \d+ skipped$/);
  });
});
