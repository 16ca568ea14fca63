/** A permit that PingOne, or a proxy before it, sends twice: the copy never is the answer to another request. */
import { describe, expect } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { restHeaders } from '../support/event-parts.ts';
import { restEvent } from '../support/events.ts';
import { tlsMaterials } from '../support/tls.ts';
import { answerOf, recordsOf } from './answers.ts';
import { NODES } from './authorizer-environment.ts';
import { it, type Stage, type StageOptions } from './stage.ts';

const MALLORY = restHeaders([
  ['Authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5In0.c2ln'],
  ['Host', 'api1.execute-api.us-east-1.amazonaws.com'],
]);
const OTHERS = [
  ['another path', restEvent({ path: '/admin', requestContext: { path: '/dev/admin' } }), {}],
  ['the same path with another token', restEvent(MALLORY), {}],
  ['the same path with another token, permits cached', restEvent(MALLORY), { DECISION_CACHE_TTL_MS: '60000' }],
] as const;

/** Slow enough for the copy to come first, whenever it comes. */
const DENIED: Behaviour = { kind: 'slow', ms: 60, behaviour: { kind: 'deny', code: '403' } };
const BUSY: Behaviour = { kind: 'reply', status: 503 };
const REFUSED = ['POLICY_DENIED', 'PDP_BAD_REPLY'];
const MOMENTS = ['next request', 0, 1, 2, 3, 5, 8, 13, 20, 30] as const;

const asks = async ({ environment }: Stage, event: unknown): Promise<string> =>
  answerOf(await environment.invoke(event)).gets;

describe.concurrent.each([
  ['http', 24],
  ['https', 24],
  ['https', 22],
] as const)('a permit that comes twice over %s, on Node %i', (over, node) => {
  const options = (env: Readonly<Record<string, string>>): StageOptions => ({
    env: { BREAKER_ENABLED: 'false', ...env },
    pdp: over === 'https' ? { tls: tlsMaterials.good, host: 'localhost' } : {},
    lambda: { node: NODES[node] },
  });

  it.for(OTHERS)('permits nothing but its own request: not %s', async ([, event, env], { setStage }) => {
    const stage = await setStage(options(env));
    for (const after of MOMENTS) {
      // A path of its own for each, so that a cache has nothing to answer the first request with.
      const own = restEvent({ path: `/a/${after}`, requestContext: { path: `/dev/a/${after}` } });
      stage.pdp.script({ kind: 'twice', after }, DENIED);
      expect(await asks(stage, own)).toBe('PERMIT');
      expect(REFUSED).toContain(await asks(stage, event));
    }
    // Else no copy ever came while somebody waited for another answer, and nothing was shown.
    await expect.poll(() => recordsOf(stage.environment.lines, 'decision')).toHaveLength(2 * MOMENTS.length);
    const bad = recordsOf(stage.environment.lines, 'decision').filter(
      ({ reasonCode }) => reasonCode === 'PDP_BAD_REPLY',
    );
    expect(bad.length).toBeGreaterThan(0);
    for (const { reason } of bad) expect(reason).toMatch(/source_port.*PINGONE_REPLY_BINDING/);
    stage.pdp.done();
  });

  it('is no answer to a second attempt either', async ({ setStage }) => {
    const stage = await setStage(options({ PINGONE_RETRIES: '1' }));
    stage.pdp.otherwise(DENIED);
    for (const after of [...MOMENTS, 40, 50]) {
      // The one is permitted at the second attempt, the other meets the copy at the first or at the second one.
      stage.pdp.script(BUSY, { kind: 'twice', after }, BUSY);
      expect(await asks(stage, restEvent())).toBe('PERMIT');
      expect(REFUSED).toContain(await asks(stage, restEvent(MALLORY)));
    }
    stage.pdp.done();
  });

  it('ends the connection that is out of step: the next request gets its own answer', async ({ setStage }) => {
    const stage = await setStage(options({}));
    stage.pdp.script({ kind: 'twice', after: 'next request' }, DENIED, { kind: 'deny', code: '404' });
    expect(await asks(stage, restEvent())).toBe('PERMIT');
    expect(await asks(stage, restEvent())).toBe('PDP_BAD_REPLY');
    expect(await asks(stage, restEvent())).toBe('POLICY_DENIED');
    expect(stage.pdp.connections.opened).toBe(2);
  });

  it('ends the connection where it comes between two requests', async ({ setStage }) => {
    const stage = await setStage(options({}));
    stage.pdp.script({ kind: 'twice', after: 10 });
    expect(await asks(stage, restEvent())).toBe('PERMIT');
    await stage.pdp.open(0);
    expect(await asks(stage, restEvent(MALLORY))).toBe('PERMIT');
    expect(stage.pdp.connections.opened).toBe(2);
  });

  it('is seen where it came during a freeze, behind the event that thawed it', async ({ setStage }) => {
    const stage = await setStage(options({}));
    stage.pdp.script({ kind: 'twice', after: 400 });
    expect(await asks(stage, restEvent())).toBe('PERMIT');
    await stage.environment.idle();
    stage.environment.freeze();
    // The event waits in the frozen process before the copy does, and so is read before it.
    const asking = asks(stage, restEvent(MALLORY));
    await new Promise(resolve => setTimeout(resolve, 700));
    stage.environment.thaw();
    expect(await asking).toBe('PERMIT');
    expect(stage.pdp.connections.opened).toBe(2);
  });

  it('counts by method, origin and path alone with PINGONE_REPLY_BINDING=request', async ({ setStage }) => {
    const stage = await setStage(options({ PINGONE_REPLY_BINDING: 'request' }));
    const [[, otherPath]] = OTHERS;
    for (const [event, gets] of [
      [otherPath, 'UNAPPLIED_CHANGES'],
      [restEvent(MALLORY), 'PERMIT'],
    ] as const) {
      stage.pdp.script({ kind: 'twice', after: 'next request' }, DENIED);
      expect(await asks(stage, restEvent())).toBe('PERMIT');
      expect(await asks(stage, event)).toBe(gets);
      await stage.pdp.stop();
      await stage.pdp.restart();
    }
  });
});
