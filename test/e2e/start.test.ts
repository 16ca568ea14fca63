/** `npm start` keeps what its first screen promises: every printed curl line is run and answers as it says. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileWith, runCommand } from '../cli/command.ts';
import { type DemoProcess, freePort, type PrintedRequest, printedRequests, READY, runDemo } from './demo-process.ts';

const run = promisify(execFile);

type Answer = { readonly status: number; readonly head: string; readonly body: string };

const curl = async (line: string): Promise<Answer> => {
  const { stdout } = await run('sh', ['-c', line]);
  const split = stdout.indexOf('\r\n\r\n');
  const head = stdout.slice(0, split);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: stdout.slice(split + 4) };
};

describe('npm start', () => {
  let demo: DemoProcess;
  const answers = new Map<string, Answer>();
  let requests: readonly PrintedRequest[] = [];

  const answerTo = (shows: string): Answer => {
    const found = [...answers].find(([title]) => title.startsWith(shows));
    if (found === undefined) throw new Error(`no printed request shows: ${shows}`);
    return found[1];
  };

  beforeAll(async () => {
    demo = runDemo({ PORT: String(await freePort()) });
    await vi.waitFor(() => expect(demo.output()).toMatch(READY), { timeout: 20_000 });
    requests = printedRequests(demo.output());
    for (const request of requests) answers.set(request.shows, await curl(request.curl));
  }, 40_000);

  afterAll(async () => {
    demo.child.kill('SIGTERM');
    await demo.exited;
  });

  it('prints at least five curl lines, and each answers with the status that it names', () => {
    expect(requests.length).toBeGreaterThanOrEqual(5);
    const expected = requests.map(({ shows, expects }) => [shows, expects]);
    expect([...answers].map(([shows, { status }]) => [shows, status])).toEqual(expected);
  });

  it("lets the policy's header reach the backend, and no forged copy of it", () => {
    for (const title of ['a permit', 'a forged copy', 'the HTTP API, simple responses'])
      expect(JSON.parse(answerTo(title).body)).toMatchObject({ headers: { 'x-customer-tier': 'gold' } });
  });

  it('renders the reason of a denial, its code and its correlation id', () => {
    expect(JSON.parse(answerTo('a denial with its reason').body)).toEqual({
      reason: 'Only a manager may cancel an order.',
      reasonCode: 'POLICY_DENIED',
      status: '403',
      correlationId: expect.stringMatching(/^[\w-]{36}$/),
    });
  });

  it('challenges a missing token, and hands the step-up challenge on as the policy service wrote it', () => {
    expect(answerTo('a missing token').head).toMatch(/\r\nWWW-Authenticate: Bearer/i);
    expect(answerTo('step-up').head).toMatch(
      /\r\nWWW-Authenticate: Bearer realm="[^"]+", error="insufficient_user_authentication", acr_values="mfa", max_age="300"/i,
    );
  });

  it('stays closed while the policy service is down', () => {
    const down = answerTo('policy service down');
    expect(JSON.parse(down.body)).toMatchObject({ status: '503' });
  });

  it('logs each decision on one line, and no token', async () => {
    const log = (): string => demo.output().split(READY)[1] ?? '';
    await expect.poll(log).toMatch(/permit +PERMIT +[\d.]+ +[\d.]+ +\d +closed +GET \/dev\/orders\/7/);
    expect(log()).toMatch(/deny +POLICY_DENIED +403 +[\d.]+ +[\d.]+ +1 +closed +DELETE \/dev\/orders\/7/);
    expect(log()).toMatch(/deny +STEP_UP_REQUIRED +401/);
    expect(log()).toMatch(/deny +PDP_UNREACHABLE +503/);
    expect(log()).not.toContain('.unsigned');
    expect(demo.output()).not.toContain('\u001b[');
  });

  it('takes no command that it does not know, and none from a browser', async () => {
    const control = /(http:\S+\/control)/.exec(demo.output())?.[1] ?? '';
    const unknown = await fetch(control, { method: 'POST', body: 'explode' });
    expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('rotate-credential')]);
    const browser = await fetch(control, { method: 'POST', body: 'down', headers: { origin: 'https://example.com' } });
    expect(browser.status).toBe(403);
  });

  it('gives the settings with which the command finds its policies to decide as the example says', async () => {
    const place = /(http:\S+\/control\/settings)/.exec(demo.output())?.[1] ?? '';
    const settings = fileWith('demo.env', await (await fetch(place)).text());
    const doctor = await runCommand(['doctor', '--env-file', settings, '--url', 'https://api.example.com/dev/orders']);
    expect(doctor.stdout).toMatch(/\n9 ok, 0 warn, 0 fail, 8 skipped\n$|\n10 ok, 0 warn, 0 fail, 7 skipped\n$/);
    const test = await runCommand(['test', 'cli/examples/decisions.yaml', '--env-file', settings]);
    expect(test.stdout).toMatch(/\n10 passed, 0 failed\n$/);
    expect((await fetch(place, { headers: { origin: 'https://example.com' } })).status).toBe(403);
  });
});

describe('npm start that cannot', () => {
  it('names a port that is taken, and one to take instead', async () => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    await new Promise(resolve => holder.once('listening', resolve));
    const demo = runDemo({ PORT: String(port) });
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toMatch(new RegExp(`^npm start: port ${port} is taken: .*PORT=\\d+ npm start.*\\n$`));
    holder.close();
  });

  it.each(['no', '-1', '65536', '3000x'])('refuses PORT=%s with one line', async port => {
    const demo = runDemo({ PORT: port });
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toMatch(/^npm start: PORT must be a whole number.*\n$/);
  });

  it.each([
    [{ BREAKER_RESET_MS: 'abc' }, /^npm start: BREAKER_RESET_MS must be a whole number.* unset BREAKER_RESET_MS\n$/],
    [{ DECISION_CACHE_TTL_MS: '1s' }, /^npm start: DECISION_CACHE_TTL_MS must be .* unset DECISION_CACHE_TTL_MS\n$/],
    [{ LOCAL_HOSTS: 'http://x' }, /^npm start: LOCAL_HOSTS must be .*LOCAL_HOSTS=api.example.com npm start\n$/],
  ])('names the variable that is wrong in %o and the remedy, and starts nothing', async (variables, said) => {
    const demo = runDemo({ PORT: '0', ...variables });
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toMatch(said);
  });

  it('names every variable that is wrong, each on a line', async () => {
    const demo = runDemo({ PORT: '0', BREAKER_RESET_MS: 'abc', LOG_LEVEL: 'loud' });
    expect(await demo.exited).toBe(1);
    expect(demo.output().trim().split('\n')).toEqual([
      expect.stringContaining('BREAKER_RESET_MS'),
      expect.stringContaining('LOG_LEVEL'),
    ]);
  });

  it('refuses an option that it does not have', async () => {
    const demo = runDemo({ PORT: '0' }, '--watch');
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toBe('npm start: the only option is --inspect: npm start -- --inspect\n');
  });

  it('says why a PingOne that is only half configured is not used', async () => {
    const demo = runDemo({ PORT: '0', PINGONE_SERVICE_URL: 'https://pingone.example/v1/environments/x' });
    await expect.poll(demo.output, { timeout: 20_000 }).toMatch(READY);
    expect(demo.output()).toContain('PINGONE_SERVICE_URL is set but none of PINGONE_GATEWAY_CREDENTIAL');
    demo.child.kill('SIGTERM');
    expect(await demo.exited).toBe(0);
  }, 25_000);
});

describe('npm start with a PingOne', () => {
  it('asks it and says so; there is nothing to control', async () => {
    const port = await freePort();
    const pingOne = `http://127.0.0.1:${await freePort()}/v1/environments/x`;
    const credential = 'credential-that-must-not-be-printed';
    const demo = runDemo({ PORT: String(port), PINGONE_SERVICE_URL: pingOne, PINGONE_GATEWAY_CREDENTIAL: credential });
    await expect.poll(demo.output, { timeout: 20_000 }).toMatch(READY);
    expect(demo.output()).toContain(`${pingOne}  the real PingOne`);
    const reply = await fetch(`http://127.0.0.1:${port}/dev/orders/7`);
    expect([reply.status, await reply.json()]).toMatchObject([403, { reasonCode: 'PDP_UNREACHABLE' }]);
    expect((await fetch(`http://127.0.0.1:${port}/control`, { method: 'POST', body: 'down' })).status).toBe(400);
    expect(demo.output()).not.toContain(credential);
    demo.child.kill('SIGTERM');
    expect(await demo.exited).toBe(0);
  }, 25_000);
});
