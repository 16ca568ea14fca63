/** The rules of a Lambda execution environment, seen from the invoker. */
import { describe, expect, it } from 'vitest';
import { startEnvironment } from '../../../../local/lambda/environment.ts';
import { environmentOf, NODE_22, NODE_24, taskRootWith } from './stand-in.ts';

const ECHO = 'exports.handler = async event => ({ got: event });';

describe.each([
  ['Node 22', NODE_22, 'AWS_Lambda_nodejs22.x'],
  ['Node 24', NODE_24, 'AWS_Lambda_nodejs24.x'],
])('an environment on %s', (_title, node, executionEnvironment) => {
  it('answers with what the handler returned', async () => {
    const environment = await environmentOf(ECHO, { node });
    expect(await environment.invoke({ a: 1 })).toEqual({ ok: true, payload: { got: { a: 1 } } });
    expect(environment.initMs).toBeGreaterThan(0);
  });

  it("gives the function Lambda's variables and its own, and nothing of the parent's", async () => {
    process.env['LEAKED_FROM_PARENT'] = 'yes';
    const environment = await environmentOf('exports.handler = async () => process.env;', { node, env: { OWN: 'x' } });
    const result = await environment.invoke({});
    expect(result).toMatchObject({
      ok: true,
      payload: {
        OWN: 'x',
        AWS_EXECUTION_ENV: executionEnvironment,
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_FUNCTION_NAME: 'aws-lambda-authorizer',
      },
    });
    expect(JSON.stringify(result)).not.toContain('LEAKED_FROM_PARENT');
    delete process.env['LEAKED_FROM_PARENT'];
  });

  it('tells the handler what it runs in and how much time is left', async () => {
    const source =
      'exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });';
    const environment = await environmentOf(source, { node, timeoutMs: 5000 });
    const result = await environment.invoke({}, { traceId: 'Root=1-a-b;Parent=c;Sampled=1' });
    expect(result).toMatchObject({
      payload: {
        functionName: 'aws-lambda-authorizer',
        functionVersion: '$LATEST',
        memoryLimitInMB: '512',
        logGroupName: '/aws/lambda/aws-lambda-authorizer',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:aws-lambda-authorizer',
        trace: 'Root=1-a-b;Parent=c;Sampled=1',
        left: expect.toSatisfy((left: number) => left > 3000 && left <= 5000),
      },
    });
  });

  it('loads ES modules by .mjs and by package type', async () => {
    const module = 'export const handler = async () => "esm";';
    const byName = await taskRootWith({ 'index.mjs': module });
    const byType = await taskRootWith({ 'index.js': module, 'package.json': '{"type":"module"}' });
    for (const taskRoot of [byName, byType]) {
      const environment = await startEnvironment({ taskRoot, handler: 'index.handler', env: {}, node });
      expect(await environment.invoke({})).toEqual({ ok: true, payload: 'esm' });
      await environment.close();
    }
  });
});

describe('an environment that cannot start', () => {
  it.each([
    ['a file that is missing', 'exports.handler = 1', 'absent.handler', 'Runtime.ImportModuleError'],
    ['an export that is missing', 'exports.other = 1', 'index.handler', 'Runtime.HandlerNotFound'],
    ['an export that is no function', 'exports.handler = 1', 'index.handler', 'Runtime.HandlerNotFound'],
    ['a syntax error', 'exports.handler = (', 'index.handler', 'Runtime.UserCodeSyntaxError'],
    ['a handler string without a dot', ECHO, 'index', 'Runtime.MalformedHandlerName'],
    ['a callback handler', 'exports.handler = (a, b, c) => c()', 'index.handler', 'Runtime.CallbackHandlerDeprecated'],
    ['a module that throws', 'throw new RangeError("no")', 'index.handler', 'RangeError'],
    ['a module that exits', 'process.exit(3)', 'index.handler', 'Runtime.ExitError'],
  ])('reports %s', async (_title, source, handler, errorType) => {
    const taskRoot = await taskRootWith({ 'index.js': source });
    await expect(startEnvironment({ taskRoot, handler, env: {} })).rejects.toMatchObject({ errorType });
  });
});

describe('an invocation that goes wrong', () => {
  it('carries the type and message of what the handler threw', async () => {
    const environment = await environmentOf('exports.handler = async () => { throw new Error("Unauthorized"); };');
    expect(await environment.invoke({})).toEqual({ ok: false, errorType: 'Error', errorMessage: 'Unauthorized' });
    expect(environment.alive).toBe(true);
  });

  it('ends with Runtime.ExitError when the process dies', async () => {
    const environment = await environmentOf('exports.handler = async () => process.exit(7);');
    expect(await environment.invoke({})).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(environment.alive).toBe(false);
    expect(await environment.invoke({})).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
  });

  it('ends with the error that nobody caught', async () => {
    const source =
      'exports.handler = () => new Promise(() => { setImmediate(() => { throw new TypeError("late"); }); });';
    const environment = await environmentOf(source);
    expect(await environment.invoke({})).toEqual({ ok: false, errorType: 'TypeError', errorMessage: 'late' });
  });

  it('is told when nothing is left that could settle it', async () => {
    const environment = await environmentOf('exports.handler = () => new Promise(() => {});');
    expect(await environment.invoke({})).toMatchObject({ errorType: 'Runtime.NodeJsExit' });
    expect(await environment.invoke({})).toMatchObject({ errorType: 'Runtime.NodeJsExit' });
    expect(environment.alive).toBe(true);
  });

  it('times out with the function and takes the process with it', async () => {
    const hang = 'exports.handler = () => new Promise(resolve => setTimeout(resolve, 60000));';
    const environment = await environmentOf(hang, { timeoutMs: 100 });
    expect(await environment.invoke({})).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.10 seconds'),
    });
    await environment.idle();
    await expect.poll(() => environment.alive).toBe(false);
  });
});

describe('freezing', () => {
  it('stops the process until it is thawed', async () => {
    const environment = await environmentOf('let n = 0; setInterval(() => n++, 5); exports.handler = async () => n;');
    environment.freeze();
    let answered = false;
    const answer = environment.invoke({}).finally(() => {
      answered = true;
    });
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    environment.thaw();
    expect(await answer).toMatchObject({ ok: true });
  });

  it('does not keep an environment from being closed', async () => {
    const environment = await environmentOf(ECHO);
    environment.freeze();
    await environment.close();
    expect(environment.alive).toBe(false);
  });
});

describe('the end', () => {
  const REGISTER = `const url = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
    const headers = { 'lambda-extension-name': 'stand-in' };
    const { headers: answer } = await fetch(url + 'register', { method: 'POST', headers, body: '{"events":["INVOKE"]}' });
    const id = { 'lambda-extension-identifier': answer.get('lambda-extension-identifier') };
    fetch(url + 'event/next', { headers: id }).catch(() => undefined);
    export const handler = async () => 'x';`;

  it('is SIGKILL if no extension is registered: nothing of the function runs any more', async () => {
    const environment = await environmentOf(
      `process.on('SIGTERM', () => console.log('goodbye')); exports.handler = async () => 'x';`,
    );
    expect(environment.endedBy).toBeUndefined();
    await environment.close();
    expect(environment.endedBy).toBe('SIGKILL');
    expect(environment.lines.join()).not.toContain('goodbye');
  });

  it('is SIGTERM if an extension is registered, also for a frozen environment', async () => {
    const source = `process.on('SIGTERM', () => { console.log('goodbye'); process.exit(7); });${REGISTER}`;
    const environment = await environmentOf(source, {}, 'index.mjs');
    environment.freeze();
    await environment.close();
    expect(environment.endedBy).toBe(7);
    expect(environment.lines.join()).toContain('goodbye');
  });

  it('is SIGKILL for a process that does not end on SIGTERM', async () => {
    const environment = await environmentOf(`process.on('SIGTERM', () => undefined);${REGISTER}`, {}, 'index.mjs');
    await environment.close();
    expect(environment.endedBy).toBe('SIGKILL');
  });
});

describe('a managed instance', () => {
  it('overlaps invocations and hands each its own trace id', async () => {
    const source = `let inside = 0; let most = 0;
      exports.handler = async (event, context) => {
        most = Math.max(most, ++inside);
        await new Promise(resolve => setTimeout(resolve, 50));
        inside--;
        return { most, trace: context.xRayTraceId, variable: process.env._X_AMZN_TRACE_ID };
      };`;
    const environment = await environmentOf(source, { maxConcurrency: 4 });
    const results = await Promise.all([1, 2, 3, 4].map(n => environment.invoke({}, { traceId: `Root=${n}` })));
    expect(results.map(result => result.ok && result.payload)).toEqual(
      [1, 2, 3, 4].map(n => ({ most: 4, trace: `Root=${n}` })),
    );
  });
});

describe('output', () => {
  it('is captured line by line; console gets the prefix of the runtime, raw writes do not', async () => {
    const source = 'exports.handler = async () => { console.log("by console"); process.stdout.write("raw\\n"); };';
    const environment = await environmentOf(source);
    await environment.invoke({});
    await expect.poll(() => environment.lines).toHaveLength(2);
    expect(environment.lines[0]).toMatch(/^\d{4}-.*\tINFO\tby console$/);
    expect(environment.lines[1]).toBe('raw');
  });

  it('wraps console in JSON where the function logs in JSON', async () => {
    const source = 'exports.handler = async () => { console.debug("no"); console.warn("yes"); };';
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' };
    const environment = await environmentOf(source, { env });
    await environment.invoke({});
    await expect.poll(() => environment.lines).toHaveLength(1);
    expect(JSON.parse(environment.lines[0] ?? '')).toMatchObject({ level: 'WARN', message: 'yes' });
  });
});
