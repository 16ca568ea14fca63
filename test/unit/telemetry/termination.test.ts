/** The rules of SIGTERM: what is left is finished, and then the process ends as it would have without us. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onTermination } from '../../../src/telemetry/termination.ts';
import { settled } from '../fake-clock.ts';

const setUp = () => {
  const steps: string[] = [];
  const work = Promise.withResolvers<void>();
  const signals = Object.assign(new EventEmitter(), {
    pid: 4711,
    kill: (pid: number, signal: string) => steps.push(`kill ${pid} ${signal}`),
  });
  onTermination(() => {
    steps.push('finish');
    return work.promise;
  }, signals);
  return { steps, signals, finished: work.resolve };
};

it('nothing happens before the signal', () => {
  expect(setUp().steps).toEqual([]);
});

it('the signal comes again once the work is finished, and nobody listens to it any more', async () => {
  const { steps, signals, finished } = setUp();
  signals.emit('SIGTERM');
  await settled();
  expect(steps).toEqual(['finish']);
  expect(signals.listenerCount('SIGTERM')).toBe(0);
  finished();
  await settled();
  expect(steps).toEqual(['finish', 'kill 4711 SIGTERM']);
});

it('others that listen to the signal decide how the process ends', async () => {
  const { steps, signals, finished } = setUp();
  signals.on('SIGTERM', () => undefined);
  signals.emit('SIGTERM');
  finished();
  await settled();
  expect(steps).toEqual(['finish']);
});
