/** The rules of lost spans: all are counted, an outage is logged when it begins and when it ends, and nothing quotes a message. */
import { expect, it } from 'vitest';
import { newCounts } from '../../../src/domain/call.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { losses } from '../../../src/telemetry/lost-spans.ts';

const setUp = () => {
  const lines: string[] = [];
  const counts = newCounts();
  const log = openLog(
    'INFO',
    line => lines.push(line),
    () => 0,
  );
  return { counts, ...losses(counts, log), records: (): unknown[] => lines.map(line => JSON.parse(line)) };
};

it('lost spans are counted, and one outage is one line, however many they are', () => {
  const { counts, lost, records } = setUp();
  for (let times = 0; times < 100; times += 1) lost(3, 'the queue is full');
  expect(counts.droppedSpans).toBe(300);
  expect(records()).toMatchObject([
    { level: 'WARN', message: 'telemetry', state: 'losing', problem: 'the queue is full' },
  ]);
});

it('the end of an outage tells what it cost, and the next outage is logged again', () => {
  const { lost, recovered, records } = setUp();
  recovered();
  lost(2, 'why');
  lost(3, 'why');
  recovered();
  recovered();
  lost(1, 'why');
  expect(records()).toMatchObject([
    { level: 'WARN', state: 'losing' },
    { level: 'INFO', message: 'telemetry', state: 'recovered', lostSpans: 5 },
    { level: 'WARN', state: 'losing' },
  ]);
});

it('what an environment takes into its end is logged, with what it had lost before', () => {
  const { lost, ended, records } = setUp();
  ended(0);
  lost(2, 'why');
  ended(3);
  expect(records()).toMatchObject([{ state: 'losing' }, { level: 'WARN', state: 'ended', lostSpans: 5 }]);
});

it.each([
  ['the code of an error', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['the status of a reply', Object.assign(new Error('secret'), { code: 503 }), '503'],
  ['the class of an error without a code', new TypeError('secret'), 'TypeError'],
  ['nothing of what is no error', { secret: true }, 'unknown'],
])('the line names %s, never a message', (_what, problem, name) => {
  const { lost, records } = setUp();
  lost(1, problem);
  expect(records()).toMatchObject([{ problem: name }]);
  expect(JSON.stringify(records())).not.toContain('secret');
});
