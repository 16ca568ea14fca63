/** The rules by which a Lambda function scales its execution environments. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FunctionOptions, type LambdaFunction, startFunction } from '../../../../local/lambda/function.ts';
import { taskRootWith } from './stand-in.ts';

const SLOW = 'exports.handler = event => new Promise(r => setTimeout(() => r(process.pid), event.ms));';

const functionOf = async (source: string, options: Partial<FunctionOptions> = {}): Promise<LambdaFunction> => {
  const taskRoot = await taskRootWith({ 'index.js': source });
  const lambda = startFunction({ taskRoot, handler: 'index.handler', env: {}, ...options });
  onTestFinished(() => lambda.close());
  return lambda;
};

describe('a function', () => {
  it('reuses its environment for invocations one after the other', async () => {
    const lambda = await functionOf(SLOW);
    const first = await lambda.invoke({ ms: 0 });
    const second = await lambda.invoke({ ms: 0 });
    expect(second).toEqual(first);
    expect(lambda.environments).toHaveLength(1);
  });

  it('starts an environment for each invocation at the same time, up to its limit, and throttles the rest', async () => {
    const lambda = await functionOf(SLOW, { maxEnvironments: 2 });
    const results = await Promise.all([1, 2, 3].map(() => lambda.invoke({ ms: 200 })));
    const pids = results.map(result => result.ok && result.payload);
    expect(new Set(pids.slice(0, 2)).size).toBe(2);
    expect(results[2]).toEqual({ ok: false, errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' });
  });

  it('replaces an environment that died', async () => {
    const lambda = await functionOf('exports.handler = async e => (e.die ? process.exit(1) : "fine");');
    expect(await lambda.invoke({ die: true })).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await lambda.invoke({})).toEqual({ ok: true, payload: 'fine' });
  });

  it('reports an init that fails to the invoker, each time anew', async () => {
    const lambda = await functionOf('throw new RangeError("no");');
    expect(await lambda.invoke({})).toMatchObject({ ok: false, errorType: 'RangeError' });
    expect(await lambda.invoke({})).toMatchObject({ ok: false, errorType: 'RangeError' });
  });

  it('freezes between invocations when asked to, and answers all the same', async () => {
    const lambda = await functionOf(SLOW, { freezeWhenIdle: true });
    for (let n = 0; n < 5; n += 1) expect(await lambda.invoke({ ms: 1 })).toMatchObject({ ok: true });
    expect(lambda.environments).toHaveLength(1);
  });

  it('shares one managed instance among invocations at the same time', async () => {
    const lambda = await functionOf(SLOW, { maxConcurrency: 3 });
    await lambda.warm();
    const results = await Promise.all([1, 2, 3].map(() => lambda.invoke({ ms: 50 })));
    expect(new Set(results.map(result => result.ok && result.payload)).size).toBe(1);
  });
});
