/** The story of the circuit breaker, told by the built zip: when it opens, what it costs while it is, how it closes. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { it } from './stage.ts';

const UNHEALTHY: Behaviour = { kind: 'reply', status: 500 };
/** The default of BREAKER_VOLUME_THRESHOLD. */
const VOLUME = 3;
/** Longer than the requests that must find the circuit open take, also on a busy machine. */
const RESET_MS = 1500;
/** Jitter is at most a fifth. */
const SHORTEST_RESET_MS = RESET_MS * 0.8;
const env = { BREAKER_RESET_MS: String(RESET_MS) };

/** Requests that are refused in a row would keep both cores busy until the reset time is over. */
const BETWEEN_REQUESTS_MS = 10;

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await delay(BETWEEN_REQUESTS_MS);
};

describe('the breaker', () => {
  it('opens at the volume, refuses without a call, probes once after the reset time, and closes', async ({
    setStage,
  }) => {
    const { pdp, ask, asks, records } = await setStage({ env, pdp: { otherwise: UNHEALTHY } });
    const openedAt = performance.now();
    expect(await asks(VOLUME)).toEqual(Array(VOLUME).fill('PDP_ERROR'));
    expect(await asks(3)).toEqual(Array(3).fill('CIRCUIT_OPEN'));
    expect(pdp.callCount).toBe(VOLUME);

    pdp.otherwise({ kind: 'permit' });
    let refusals = 0;
    await until(async () => {
      const { gets } = await ask();
      if (gets === 'CIRCUIT_OPEN') refusals += 1;
      return gets === 'PERMIT';
    });
    const openFor = performance.now() - openedAt;
    expect(refusals).toBeGreaterThan(0);
    expect(pdp.callCount).toBe(VOLUME + 1);
    expect(openFor).toBeGreaterThan(SHORTEST_RESET_MS * 0.9);
    expect(await asks(3)).toEqual(Array(3).fill('PERMIT'));

    const changes = await records('breaker', 3);
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
    expect(changes[0]).toMatchObject({ level: 'WARN', forMs: expect.any(Number) });
    const decisions = await records('decision', VOLUME + 4 + refusals + 3);
    expect(decisions.filter(line => line['CircuitOpened'] === 1)).toHaveLength(1);
    expect(decisions.filter(line => line['CircuitRefused'] === 1)).toHaveLength(3 + refusals);
  });

  it('refuses without a call, for as long as it is open', async ({ setStage }) => {
    const { pdp, asks, records } = await setStage({
      env: { BREAKER_RESET_MS: '60000' },
      pdp: { otherwise: UNHEALTHY },
    });
    await asks(VOLUME + 50);
    const refusals = (await records('decision', VOLUME + 50)).slice(VOLUME);
    expect(refusals.map(({ attempts }) => attempts)).toEqual(Array(50).fill(0));
    expect(pdp.callCount).toBe(VOLUME);
  });

  it('opens again when the probe fails, and a denial is proof of health', async ({ setStage }) => {
    const { pdp, ask, asks, records } = await setStage({ env, pdp: { otherwise: UNHEALTHY } });
    await asks(VOLUME);
    await until(async () => (await ask()).gets === 'PDP_ERROR');
    expect(pdp.callCount).toBe(VOLUME + 1);
    expect(await asks(2)).toEqual(['CIRCUIT_OPEN', 'CIRCUIT_OPEN']);
    pdp.otherwise({ kind: 'deny' });
    await until(async () => (await ask()).gets === 'POLICY_DENIED');
    expect(pdp.callCount).toBe(VOLUME + 2);
    expect(await asks(2)).toEqual(['POLICY_DENIED', 'POLICY_DENIED']);
    const changes = await records('breaker', 5);
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
  });

  it('recovers after a probe that PingOne never answers', async ({ setStage }) => {
    const limits = { ...env, PINGONE_REQUEST_TIMEOUT_MS: '700' };
    const { pdp, ask, asks } = await setStage({ env: limits, pdp: { otherwise: UNHEALTHY } });
    await asks(VOLUME);
    pdp.script({ kind: 'stallHead' });
    pdp.otherwise({ kind: 'permit' });
    await until(async () => (await ask()).gets === 'PDP_TIMEOUT');
    await until(async () => (await ask()).gets === 'PERMIT');
    expect(pdp.callCount).toBe(VOLUME + 2);
  });

  it('recovers after a probe that PingOne answers with another protocol', async ({ setStage }) => {
    const limits = { ...env, AUTHORIZER_DEADLINE_MS: '1000' };
    const { pdp, ask, asks } = await setStage({ env: limits, pdp: { otherwise: UNHEALTHY } });
    await asks(VOLUME);
    pdp.script({ kind: 'upgrade101' });
    pdp.otherwise({ kind: 'permit' });
    await until(async () => (await ask()).gets !== 'CIRCUIT_OPEN');
    await until(async () => (await ask()).gets === 'PERMIT');
    expect((await ask()).gets).toBe('PERMIT');
  });

  it('stays open for as long as Retry-After asks, also where the reset time is shorter', async ({ setStage }) => {
    const { pdp, ask } = await setStage({ env: { BREAKER_RESET_MS: '50' } });
    pdp.script({ kind: 'reply', status: 429, headers: [['Retry-After', '1']] });
    const limitedAt = performance.now();
    expect((await ask()).gets).toBe('PDP_RATE_LIMITED');
    await until(async () => (await ask()).gets === 'PERMIT');
    expect(performance.now() - limitedAt).toBeGreaterThan(950);
    expect(pdp.callCount).toBe(2);
  });

  it('opens by a service that merely stalls, asked one request at a time', async ({ setStage }) => {
    const { pdp, asks } = await setStage({
      env: { PINGONE_REQUEST_TIMEOUT_MS: '300', BREAKER_RESET_MS: '60000' },
      pdp: { otherwise: { kind: 'stallHead' } },
    });
    expect(await asks(VOLUME + 2)).toEqual([...Array(VOLUME).fill('PDP_TIMEOUT'), 'CIRCUIT_OPEN', 'CIRCUIT_OPEN']);
    expect(pdp.callCount).toBe(VOLUME);
  });

  it('lets one probe through at a time, also where an earlier call is told to wait meanwhile', async ({ setStage }) => {
    const limits = { PINGONE_REQUEST_TIMEOUT_MS: '15000', AUTHORIZER_DEADLINE_MS: '15000', BREAKER_RESET_MS: '400' };
    const { pdp, ask, asks } = await setStage({ env: limits, lambda: { maxConcurrency: 4 } });
    const limited: Behaviour = { kind: 'reply', status: 429, headers: [['Retry-After', '1']] };
    pdp.script({ kind: 'slow', ms: 3000, behaviour: limited }, ...Array(VOLUME).fill(UNHEALTHY), { kind: 'stallHead' });
    const straggler = ask();
    await pdp.called(1);
    await asks(VOLUME);
    let probe = ask();
    const probed = pdp.called(VOLUME + 2, 15_000);
    while ((await Promise.race([probe.then(({ gets }) => gets), probed])) === 'CIRCUIT_OPEN') {
      await delay(BETWEEN_REQUESTS_MS);
      probe = ask();
    }
    expect((await straggler).gets).toBe('PDP_RATE_LIMITED');
    const limitedAt = performance.now();
    await until(async () => {
      expect((await ask()).gets).toBe('CIRCUIT_OPEN');
      return performance.now() - limitedAt > 1200;
    });
    expect(pdp.callCount).toBe(VOLUME + 2);
    await pdp.stop();
    expect((await probe).gets).toBe('PDP_UNREACHABLE');
  });

  it('opens at the threshold and not below it', async ({ setStage }) => {
    const { pdp, asks } = await setStage({ env: { BREAKER_VOLUME_THRESHOLD: '10', BREAKER_RESET_MS: '60000' } });
    const permits: Behaviour[] = Array(6).fill({ kind: 'permit' });
    pdp.script(...permits, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY);
    expect((await asks(11)).slice(6)).toEqual(Array(5).fill('PDP_ERROR'));
    expect(await asks(2)).toEqual(['PDP_ERROR', 'CIRCUIT_OPEN']);
  });

  it('forgets failures that are older than the window', async ({ setStage }) => {
    const { pdp, asks } = await setStage({ env: { BREAKER_WINDOW_MS: '1500', BREAKER_RESET_MS: '60000' } });
    pdp.script(...Array(VOLUME - 1).fill(UNHEALTHY));
    await asks(VOLUME - 1);
    await delay(1700);
    pdp.script(UNHEALTHY);
    expect(await asks(2)).toEqual(['PDP_ERROR', 'PERMIT']);
  });
});
