/** Every event that API Gateway never sends is refused, and no event breaks the authorizer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restEvent } from '../support/events.ts';
import { hostileEvents } from '../support/hostile-events.ts';
import { answerProblems, contextOf, effectOf } from './answers.ts';
import { openStage, type Stage } from './stage.ts';

const title = ([name]: (typeof hostileEvents)[number]): string => name;

describe.each([
  ['IAM', {}],
  ['simple', { RESPONSE_FORMAT: 'simple' }],
] as const)('a hostile event, answered as %s, with a PingOne that permits everything', (_, environment) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(environment);
    stage.pdp.otherwise({ kind: 'permit' });
  });
  afterAll(() => stage.pdp.close());

  it.each(hostileEvents.filter(([, , { must }]) => must === 'refuse').map(event => [title(event), event] as const))(
    'is refused: %s',
    async (_name, [, event]) => {
      const calls = stage.pdp.callCount;
      const answer = await stage.answer(event);
      expect([effectOf(answer), contextOf(answer)['reasonCode'], contextOf(answer)['status']]).toEqual([
        'Deny',
        'INVALID_REQUEST',
        '400',
      ]);
      expect(answerProblems(answer)).toEqual([]);
      // PingOne is not asked about an event that cannot be read.
      expect(stage.pdp.callCount).toBe(calls);
    },
  );

  it.each(hostileEvents.filter(([, , { must }]) => must === 'survive').map(event => [title(event), event] as const))(
    'gets a well-formed answer: %s',
    async (_name, [, event]) => {
      expect(answerProblems(await stage.answer(event))).toEqual([]);
      expect(stage.pdp.violations).toEqual([]);
    },
  );

  it('leaves the authorizer working', async () => {
    expect(effectOf(await stage.answer(restEvent()))).toBe('Allow');
  });
});
