/** Every reply that is no permit becomes a denial with the right reason, over real sockets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { httpEvent, restEvent } from '../support/events.ts';
import { hostileReplies } from '../support/replies.ts';
import { answerProblems, contextOf, effectOf } from './answers.ts';
import { openStage, type Stage } from './stage.ts';

const SETTINGS = [
  ['IAM', { UNAUTHORIZED_AS: 'deny' }, restEvent()],
  ['simple', { UNAUTHORIZED_AS: 'deny', RESPONSE_FORMAT: 'simple' }, httpEvent()],
] as const;

describe.each(SETTINGS)('a hostile reply, answered as %s', (_, environment, event) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(environment);
  });
  afterAll(() => stage.pdp.close());

  it.each(hostileReplies)('is denied: %s', async (_title, reply, reasonCodes) => {
    const answer = await stage.play({ kind: 'reply', ...reply }, event);
    expect(effectOf(answer)).toBe('Deny');
    expect(reasonCodes).toContain(contextOf(answer)['reasonCode']);
    expect(answerProblems(answer)).toEqual([]);
  });

  it('differs from a permit, which is the echo with HTTP 200', async () => {
    expect(effectOf(await stage.play({ kind: 'reply', status: 200 }, event))).toBe('Allow');
  });
});

describe('a reply that is delivered badly', () => {
  const faults: readonly (readonly [string, Behaviour, string])[] = [
    ['truncated', { kind: 'truncate' }, 'PDP_BAD_REPLY'],
    ['truncated after nothing', { kind: 'truncate', afterBytes: 0 }, 'PDP_BAD_REPLY'],
    ['reset inside the body', { kind: 'resetMidBody' }, 'PDP_BAD_REPLY'],
    ['never finished', { kind: 'chunked', unfinished: true }, 'PDP_BAD_REPLY'],
    ['endless', { kind: 'hugeBody', bytes: 50_000_000 }, 'PDP_BAD_REPLY'],
    ['with endless headers', { kind: 'headerBomb', bytes: 200_000 }, 'PDP_BAD_REPLY'],
    ['nested without end', { kind: 'deepJson', depth: 100_000 }, 'PDP_BAD_REPLY'],
    [
      'with a response that is nested without end',
      { kind: 'deepJson', depth: 100_000, within: 'response' },
      'PDP_BAD_REPLY',
    ],
    ['not HTTP', { kind: 'raw', bytes: 'hello\r\n\r\n', afterwards: 'close' }, 'PDP_BAD_REPLY'],
    ['reset before its head', { kind: 'resetBeforeHead' }, 'PDP_UNREACHABLE'],
    ['reset inside its head', { kind: 'resetMidHead' }, 'PDP_UNREACHABLE'],
    ['closed before its head', { kind: 'closeBeforeHead' }, 'PDP_UNREACHABLE'],
    ['stalled before its head', { kind: 'stallHead' }, 'PDP_TIMEOUT'],
    ['stalled inside its body', { kind: 'stallBody' }, 'PDP_TIMEOUT'],
    ['an upgrade to another protocol', { kind: 'upgrade101' }, 'PDP_REJECTED'],
  ];

  it.each(faults)('is denied: %s', async (_, behaviour, reasonCode) => {
    const stage = await openStage({ PINGONE_REQUEST_TIMEOUT_MS: '150' });
    try {
      const answer = await stage.play(behaviour, restEvent());
      expect([effectOf(answer), contextOf(answer)['reasonCode']]).toEqual(['Deny', reasonCode]);
      expect(answerProblems(answer)).toEqual([]);
    } finally {
      await stage.pdp.close();
    }
  });

  it.each<[string, Behaviour]>([
    ['in drops', { kind: 'drip', bytes: 40, everyMs: 1 }],
    ['in chunks', { kind: 'chunked', chunkBytes: 11 }],
    ['by HTTP/1.0', { kind: 'http10' }],
    ['with a state that is nested without end', { kind: 'deepJson', depth: 5000, within: 'state' }],
  ])('is still a permit if it arrives whole: %s', async (_, behaviour) => {
    const stage = await openStage();
    try {
      expect(effectOf(await stage.play(behaviour, restEvent()))).toBe('Allow');
    } finally {
      await stage.pdp.close();
    }
  });
});
