/** Every hostile event and reply, through the built zip on both runtimes: answered, closed, and nothing broken by it. */
import { describe, expect } from 'vitest';
import { restEvent } from '../support/events.ts';
import { hostileEvents } from '../support/hostile-events.ts';
import { hostileReplies } from '../support/replies.ts';
import { answerOf } from './answers.ts';
import { NODES, VERSIONS } from './authorizer-environment.ts';
import { it } from './stage.ts';

const ENV = { BREAKER_ENABLED: 'false', PINGONE_RETRIES: '0', UNAUTHORIZED_AS: 'deny' };

describe.concurrent.each(VERSIONS)('on Node %i', node => {
  it('no hostile event gets through or stops the function', async ({ setStage }) => {
    const { pdp, environment, ask } = await setStage({ env: ENV, lambda: { node: NODES[node] } });
    const events = hostileEvents.filter(([, , { json }]) => json);
    expect(events.length).toBeGreaterThan(50);
    for (const [title, event, { must }] of events) {
      const calls = pdp.callCount;
      const answer = answerOf(await environment.invoke(event));
      if (must === 'refuse') {
        expect([title, answer.gets, answer.effect]).toEqual([title, 'INVALID_REQUEST', 'Deny']);
        expect([title, pdp.callCount]).toEqual([title, calls]);
      } else expect([title, ['Allow', 'Deny']]).toEqual([title, expect.arrayContaining([answer.effect])]);
    }
    expect((await ask()).gets).toBe('PERMIT');
    expect(environment.alive).toBe(true);
  });

  it('no hostile reply becomes a permit', async ({ setStage }) => {
    const { pdp, environment, ask } = await setStage({ env: ENV, lambda: { node: NODES[node] } });
    expect(hostileReplies.length).toBeGreaterThan(50);
    for (const [title, reply, reasonCodes] of hostileReplies) {
      pdp.script({ kind: 'reply', ...reply });
      const answer = answerOf(await environment.invoke(restEvent()));
      expect([title, reasonCodes]).toEqual([title, expect.arrayContaining([answer.gets])]);
      expect([title, answer.effect]).toEqual([title, 'Deny']);
    }
    expect((await ask()).gets).toBe('PERMIT');
    expect(environment.alive).toBe(true);
  });
});
