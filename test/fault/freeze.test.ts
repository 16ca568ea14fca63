/** Freezes as Lambda's (SIGSTOP, SIGCONT): what a frozen environment must know and must forget when it is thawed. */
import { describe, expect } from 'vitest';
import type { Answer } from '../support/behaviours.ts';
import { tlsMaterials } from '../support/tls.ts';
import { NODES, VERSIONS } from './authorizer-environment.ts';
import { it as itself, type Stage, type StageOptions } from './stage.ts';

const UNHEALTHY: Answer = { kind: 'reply', status: 500 };
const PERMIT: Answer = { kind: 'permit' };

const fiveTimes = async (stage: Stage, freeze: () => Promise<void>): Promise<readonly string[]> => {
  expect((await stage.ask()).gets).toBe('PERMIT');
  const got: string[] = [];
  for (let time = 0; time < 5; time += 1) {
    await freeze();
    got.push((await stage.ask()).gets);
  }
  return got;
};

const PERMITS = Array(5).fill('PERMIT');

const PLACES = VERSIONS.flatMap(node => [[node, 'http'] as const, [node, 'https'] as const]);

describe.concurrent.each(PLACES)('thawed on Node %i, PingOne over %s', (node, over) => {
  const it = itself.extend<{ readonly stage: (options?: StageOptions) => Promise<Stage> }>({
    stage: async ({ setStage }, use) => {
      const tls = over === 'https' ? { tls: tlsMaterials.good, host: 'localhost' as const } : {};
      await use(({ pdp, env } = {}) =>
        setStage({ pdp: { ...pdp, ...tls }, env: { ...env }, lambda: { node: NODES[node] } }),
      );
    },
  });

  it('the first request probes where the breaker was open for longer than its reset time', async ({ stage }) => {
    const { pdp, asks, frozenFor } = await stage({ env: { BREAKER_RESET_MS: '1500' }, pdp: { otherwise: UNHEALTHY } });
    expect(await asks(4)).toEqual([...Array(3).fill('PDP_ERROR'), 'CIRCUIT_OPEN']);
    pdp.otherwise(PERMIT);
    await frozenFor(1900);
    expect(await asks(3)).toEqual(['PERMIT', 'PERMIT', 'PERMIT']);
  });

  it('failures from before a freeze that was longer than the window no longer count', async ({ stage }) => {
    const env = { BREAKER_WINDOW_MS: '3000', BREAKER_RESET_MS: '60000' };
    const { asks, frozenFor } = await stage({ env, pdp: { otherwise: UNHEALTHY } });
    expect(await asks(2)).toEqual(Array(2).fill('PDP_ERROR'));
    await frozenFor(3100);
    expect(await asks(2)).toEqual(Array(2).fill('PDP_ERROR'));
    expect(await asks(2)).toEqual(['PDP_ERROR', 'CIRCUIT_OPEN']);
  });

  it('failures from before a short freeze still count', async ({ stage }) => {
    const env = { BREAKER_WINDOW_MS: '60000', BREAKER_RESET_MS: '60000' };
    const { asks, frozenFor } = await stage({ env, pdp: { otherwise: UNHEALTHY } });
    await asks(2);
    await frozenFor(100);
    expect(await asks(2)).toEqual(['PDP_ERROR', 'CIRCUIT_OPEN']);
  });

  it('a connection that PingOne closed costs nothing, five times', async ({ stage }) => {
    const theatre = await stage({ pdp: { otherwise: { kind: 'closeAfterIdle', ms: 50 } } });
    const freeze = async (): Promise<void> => {
      await theatre.environment.idle();
      theatre.environment.freeze();
      // PingOne's FIN is on its way into a process that cannot read it.
      await new Promise(resolve => setTimeout(resolve, 120));
      theatre.environment.thaw();
    };
    expect(await fiveTimes(theatre, freeze)).toEqual(PERMITS);
  });

  it('a connection that PingOne closed costs nothing, five times, when the event was there before the thaw', async ({
    stage,
  }) => {
    const theatre = await stage({ pdp: { otherwise: { kind: 'closeAfterIdle', ms: 50 } } });
    expect((await theatre.ask()).gets).toBe('PERMIT');
    for (let time = 0; time < 5; time += 1) {
      await theatre.environment.idle();
      theatre.environment.freeze();
      await new Promise(resolve => setTimeout(resolve, 120));
      const answer = theatre.ask();
      await new Promise(resolve => setTimeout(resolve, 20));
      theatre.environment.thaw();
      expect((await answer).gets).toBe('PERMIT');
    }
  });

  it('a connection that a load balancer forgot costs a second attempt, five times', async ({ stage }) => {
    const theatre = await stage({ pdp: { otherwise: { kind: 'forget' } } });
    expect(await fiveTimes(theatre, () => theatre.frozenFor(60))).toEqual(PERMITS);
    expect(theatre.pdp.connections.usedAfterForgetting).toBe(5);
  });

  it('a connection that is older than PINGONE_SOCKET_IDLE_MS is not used, five times', async ({ stage }) => {
    const env = { PINGONE_SOCKET_IDLE_MS: '100', PINGONE_RETRIES: '0' };
    const theatre = await stage({ env, pdp: { otherwise: { kind: 'forget' } } });
    expect(await fiveTimes(theatre, () => theatre.frozenFor(150))).toEqual(PERMITS);
    expect(theatre.pdp.connections.usedAfterForgetting).toBe(0);
  });

  it("a connection that is older than PingOne's Keep-Alive hint is not used", async ({ stage }) => {
    const theatre = await stage({ env: { PINGONE_RETRIES: '0' } });
    theatre.pdp.script({ kind: 'keepAliveHint', seconds: 2 });
    expect((await theatre.ask()).gets).toBe('PERMIT');
    await theatre.frozenFor(1200);
    expect((await theatre.ask()).gets).toBe('PERMIT');
    expect(theatre.pdp.connections.opened).toBe(2);
  });

  it('a connection that was opened ahead and dropped meanwhile costs nothing', async ({ stage }) => {
    const theatre = await stage({
      env: { PINGONE_PREWARM: 'true', PINGONE_RETRIES: '0', PINGONE_SOCKET_IDLE_MS: '100' },
    });
    await theatre.pdp.open(1);
    await theatre.frozenFor(200);
    expect((await theatre.ask()).gets).toBe('PERMIT');
    expect(theatre.pdp.connections.opened).toBe(2);
  });

  it('a probe on a connection that was forgotten meanwhile is a probe of PingOne, not of that connection', async ({
    stage,
  }) => {
    const env = { BREAKER_RESET_MS: '1500' };
    const { pdp, asks, frozenFor } = await stage({ env, pdp: { otherwise: { kind: 'forget', answer: UNHEALTHY } } });
    pdp.script(UNHEALTHY, UNHEALTHY);
    expect(await asks(4)).toEqual([...Array(3).fill('PDP_ERROR'), 'CIRCUIT_OPEN']);
    pdp.otherwise(PERMIT);
    await frozenFor(1900);
    expect(await asks(3)).toEqual(['PERMIT', 'PERMIT', 'PERMIT']);
    expect(pdp.connections.usedAfterForgetting).toBe(1);
  });

  it('a breaker that a Retry-After holds open counts the freeze as time', async ({ stage }) => {
    const { pdp, ask, frozenFor } = await stage();
    pdp.script({ kind: 'reply', status: 429, headers: [['Retry-After', '1']] });
    expect((await ask()).gets).toBe('PDP_RATE_LIMITED');
    expect((await ask()).gets).toBe('CIRCUIT_OPEN');
    await frozenFor(1000);
    expect((await ask()).gets).toBe('PERMIT');
  });
});
