/** Busy time: it ends when runtime and extensions wait again, and spans that are frozen with the environment are counted. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ServiceCounts } from '../../../../bench/bed/services.ts';
import type { Subject } from '../../../../bench/busy/subjects.ts';
import { decide, denseTraffic, sparseTraffic } from '../../../../bench/busy/traffic.ts';
import { startEnvironment } from '../../../../local/lambda/environment.ts';
import { listenOnLoopback } from '../../../../local/loopback.ts';

/** Permits unless asked not to; for each event its extension asks the gate, if there is one, before it waits for the next. */
const HANDLER = `
const url = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
const register = await fetch(url + '/register', {
  method: 'POST',
  headers: { 'Lambda-Extension-Name': 'late' },
  body: '{"events":["INVOKE"]}',
});
const headers = { 'Lambda-Extension-Identifier': register.headers.get('lambda-extension-identifier') };
(async () => {
  for (;;) {
    await (await fetch(url + '/event/next', { headers })).text();
    if (process.env.GATE) await (await fetch(process.env.GATE)).text();
  }
})();
export const handler = async event => ({ isAuthorized: event.permit });
`;

const subjectOf = async (event: object = { permit: true }, env = {}): Promise<Subject> => {
  const taskRoot = await mkdtemp(join(tmpdir(), 'busy-'));
  onTestFinished(() => rm(taskRoot, { recursive: true, force: true }));
  await writeFile(join(taskRoot, 'index.mjs'), HANDLER);
  const environment = await startEnvironment({ taskRoot, handler: 'index.handler', env });
  onTestFinished(environment.close);
  return { name: 'late', environment, event, collector: 'near', decisions: 0 };
};

/** Services whose near collector has got the spans of so many decisions. */
const havingTaken = (decisions: () => number) => {
  const none = { requests: 0, bytes: 0, decisions: 0 };
  const counts = (): Promise<ServiceCounts> =>
    Promise.resolve({
      calls: 0,
      connections: 0,
      open: 0,
      violations: 0,
      exported: { near: { ...none, decisions: decisions() }, ms20: none, ms200: none, hangs: none, peer20: none },
    });
  return { counts };
};

describe('a decision', () => {
  it('keeps its environment until the extension waits again, however long ago the answer was', async () => {
    const open = Promise.withResolvers<void>();
    const gate = await listenOnLoopback((_, response) => void open.promise.then(() => response.end()));
    onTestFinished(() => gate.close());
    const { environment, ...rest } = await subjectOf({ permit: true }, { GATE: gate.origin });
    const answered = Promise.withResolvers<void>();
    const invoke: typeof environment.invoke = (...asked) =>
      environment.invoke(...asked).finally(() => setImmediate(answered.resolve));
    let idle = false;
    const decided = decide({ ...rest, environment: { ...environment, invoke } }).then(() => {
      idle = true;
    });
    await answered.promise;
    expect(idle).toBe(false);
    open.resolve();
    await decided;
  });

  it('counts only if it is a permit', async () => {
    const subject = await subjectOf({ permit: false });
    await expect(decide(subject)).rejects.toThrow('late');
    expect(subject.decisions).toBe(0);
  });
});

describe('dense traffic', () => {
  it('leaves out the first decisions of each turn', async () => {
    const subject = await subjectOf();
    const taken = await denseTraffic([subject], { rounds: 2, calls: 2 });
    expect(taken.get(subject)?.map(decisions => decisions.length)).toEqual([2, 2]);
    expect(subject.decisions).toBe(10);
  });
});

describe('sparse traffic', () => {
  it.each([
    { collector: 'has got every span', behind: 0, frozen: 0 },
    { collector: 'is one decision behind', behind: 1, frozen: 2 },
  ])('counts the answers that froze with spans inside: $frozen of 2 if the collector $collector', async row => {
    const subject = await subjectOf();
    const services = havingTaken(() => subject.decisions - row.behind);
    const { taken, frozenWithSpans } = await sparseTraffic([subject], services, 2);
    expect(taken.get(subject)).toHaveLength(2);
    expect(frozenWithSpans.get(subject)).toBe(row.frozen);
  });
});
