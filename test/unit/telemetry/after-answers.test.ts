/** Rules of work after answers where no extension keeps the environment awake; with one, test/telemetry/shadow.test.ts. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { afterAnswers } from '../../../src/telemetry/after-answers.ts';
import { fakeClock } from '../fake-clock.ts';

const platform = loadConfig({}).platform;

describe('work after answers', () => {
  it.each([
    ['without Lambda', platform],
    ['on managed instances', { ...platform, runtimeApi: '127.0.0.1:1', concurrent: true }],
  ])('%s follows each answer, and init waits for nothing', async (_, where) => {
    let done = 0;
    const work = async (): Promise<void> => {
      done += 1;
    };
    const { ready, answered } = afterAnswers(where, 'x', work, fakeClock());
    await ready;
    answered();
    expect(done).toBe(0);
    await Promise.resolve();
    expect(done).toBe(0);
    await new Promise<void>(resolve => setImmediate(() => setImmediate(() => setImmediate(resolve))));
    expect(done).toBe(1);
  });
});
