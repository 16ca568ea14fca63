/** The rules of a wait that ends in time. */
import { expect, it } from 'vitest';
import { atMost } from '../../../src/telemetry/bounded-wait.ts';
import { fakeClock } from '../fake-clock.ts';

it.each([
  ['has ended', () => Promise.resolve()],
  ['has failed', () => Promise.reject(new Error('failed'))],
])('it ends when the work %s, and leaves no timer behind', async (_how, start) => {
  const clock = fakeClock();
  await atMost(100, start(), clock);
  expect(clock.pending).toBe(0);
});

it('it ends when its time is up, and not before', async () => {
  const clock = fakeClock();
  let ended = false;
  const wait = atMost(100, new Promise(() => undefined), clock).then(() => {
    ended = true;
  });
  await clock.advance(99);
  expect(ended).toBe(false);
  await clock.advance(1);
  await wait;
});
