/** Lambda managed instances: invocations that overlap in one environment share the pool and the breaker, and nothing else. */
import { describe, expect, vi } from 'vitest';
import { restEvent } from '../support/events.ts';
import { answerOf } from './answers.ts';
import { it, type Stage } from './stage.ts';

const together = (times: number, { ask }: Stage): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: times }, async () => (await ask()).gets));

const count = (gots: readonly string[], code: string): number => gots.filter(got => got === code).length;

describe.concurrent('overlapping invocations', () => {
  it('each get the answer to their own request, whatever the others meet', async ({ setStage }) => {
    const stage = await setStage({ lambda: { maxConcurrency: 8 }, env: { FORWARD_HEADERS: 'x-who' } });
    const answers = await Promise.all(
      Array.from({ length: 32 }, async (_, who) => {
        const headers = { 'x-who': `caller-${who}` };
        const multiValueHeaders = { 'x-who': [`caller-${who}`] };
        return answerOf(await stage.environment.invoke(restEvent({ headers, multiValueHeaders })));
      }),
    );
    expect(answers.map(({ context }) => context['hdr_x_who'])).toEqual(answers.map((_, who) => `caller-${who}`));
  });

  it('a timeout ends the one that waits and leaves the others and their connections alone', async ({ setStage }) => {
    const env = { PINGONE_REQUEST_TIMEOUT_MS: '1500', BREAKER_ENABLED: 'false' };
    const stage = await setStage({ lambda: { maxConcurrency: 4 }, env });
    stage.pdp.script(
      { kind: 'stallHead' },
      { kind: 'slow', ms: 200, behaviour: { kind: 'permit' } },
      { kind: 'slow', ms: 300, behaviour: { kind: 'permit' } },
      { kind: 'deny' },
    );
    const got = await together(4, stage);
    expect([...got].sort()).toEqual(['PDP_TIMEOUT', 'PERMIT', 'PERMIT', 'POLICY_DENIED']);
    await stage.pdp.open(3);
    const records = await stage.records('decision', 4);
    expect(new Set(records.map(({ lambdaRequestId }) => lambdaRequestId)).size).toBe(4);
    expect(records.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  });

  it('open the breaker once, and only one of them probes', async ({ setStage }) => {
    const env = { BREAKER_RESET_MS: '2000' };
    const stage = await setStage({
      lambda: { maxConcurrency: 10 },
      env,
      pdp: { otherwise: { kind: 'slow', ms: 100, behaviour: { kind: 'reply', status: 500 } } },
    });
    expect(count(await together(10, stage), 'PDP_ERROR')).toBe(10);
    expect(await together(10, stage)).toEqual(Array(10).fill('CIRCUIT_OPEN'));
    expect(stage.pdp.callCount).toBe(10);
    stage.pdp.otherwise({ kind: 'slow', ms: 100, behaviour: { kind: 'permit' } });
    await new Promise(resolve => setTimeout(resolve, 2500));
    const probed = await together(10, stage);
    expect([count(probed, 'PERMIT'), count(probed, 'CIRCUIT_OPEN')]).toEqual([1, 9]);
    expect(stage.pdp.callCount).toBe(11);
    expect(await together(10, stage)).toEqual(Array(10).fill('PERMIT'));
    const changes = await stage.records('breaker', 3);
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
  });

  it('wait for a connection no longer than their deadline where the pool is too small', async ({ setStage }) => {
    const env = {
      PINGONE_MAX_SOCKETS: '1',
      AUTHORIZER_DEADLINE_MS: '3000',
      PINGONE_REQUEST_TIMEOUT_MS: '10000',
      BREAKER_ENABLED: 'false',
    };
    const stage = await setStage({ lambda: { maxConcurrency: 8 }, env, pdp: { otherwise: { kind: 'stallHead' } } });
    const started = performance.now();
    expect(await together(8, stage)).toEqual(Array(8).fill('PDP_TIMEOUT'));
    // Eight that wait for the connection in turn would need eight deadlines.
    expect(performance.now() - started).toBeLessThan(4 * 3000);
    await vi.waitFor(() => expect(stage.pdp.connections.open).toBeLessThanOrEqual(1));
    stage.pdp.otherwise({ kind: 'permit' });
    expect(await together(8, stage)).toEqual(Array(8).fill('PERMIT'));
    expect(stage.pdp.connections.open).toBe(1);
  });

  it('keep no more connections than the pool may have', async ({ setStage }) => {
    const stage = await setStage({ lambda: { maxConcurrency: 12 }, env: { PINGONE_MAX_SOCKETS: '3' } });
    expect(await together(48, stage)).toEqual(Array(48).fill('PERMIT'));
    expect(stage.pdp.connections.opened).toBe(3);
  });

  it('survive a load balancer that forgot every connection of the pool', async ({ setStage }) => {
    const stage = await setStage({
      lambda: { maxConcurrency: 4 },
      pdp: { otherwise: { kind: 'slow', ms: 100, behaviour: { kind: 'forget' } } },
    });
    expect(await together(4, stage)).toEqual(Array(4).fill('PERMIT'));
    expect(stage.pdp.connections.opened).toBe(4);
    stage.pdp.otherwise({ kind: 'permit' });
    expect((await stage.ask()).gets).toBe('PERMIT');
    expect(await together(4, stage)).toEqual(Array(4).fill('PERMIT'));
  });
});
