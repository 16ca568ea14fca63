/** The rules of the Extensions API for internal extensions, held against a function that registers one. */
import { describe, expect, it } from 'vitest';
import { startRuntimeApi } from '../../../../local/lambda/runtime-api.ts';
import { environmentOf, NODE_22, NODE_24 } from './stand-in.ts';

const about = { functionArn: 'arn:aws:lambda:eu-west-1:1:function:f', functionName: 'f', handler: 'index.handler' };

/** Registers an internal extension that flushes for a while after each answer and reports when it did. */
const WITH_EXTENSION = `
  const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
  const registered = (async () => {
    const response = await fetch(base + 'register', { method: 'POST',
      headers: { 'lambda-extension-name': 'flusher' }, body: JSON.stringify({ events: ['INVOKE'] }) });
    const headers = { 'lambda-extension-identifier': response.headers.get('lambda-extension-identifier') };
    (async () => {
      for (;;) {
        const event = await (await fetch(base + 'event/next', { headers })).json();
        await new Promise(resolve => setTimeout(resolve, 150));
        process.stdout.write('flushed ' + event.eventType + ' ' + event.requestId + '\\n');
      }
    })();
  })();
  export const handler = async (event, context) => context.awsRequestId;
  await registered;`;

/** Begins to register at once, over node:http, keeps the status that comes of it, and once registered asks for an event. */
const REGISTERING = `
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  const call = (method, path, headers, body) => new Promise((resolve, reject) => require('node:http')
    .request({ host, port, path: '/2020-01-01/extension/' + path, method, headers }, resolve).on('error', reject).end(body));
  const answered = call('POST', 'register', { 'lambda-extension-name': 'early' }, '{"events":["INVOKE"]}').then(response => {
    const id = response.headers['lambda-extension-identifier'];
    if (id !== undefined) call('GET', 'event/next', { 'lambda-extension-identifier': id });
    return response.statusCode;
  });`;

const register = (address: string, name: string, events: readonly string[]): Promise<Response> =>
  fetch(`http://${address}/2020-01-01/extension/register`, {
    method: 'POST',
    headers: { 'lambda-extension-name': name },
    body: JSON.stringify({ events }),
  });

describe('an internal extension', () => {
  it('gets INVOKE, never delays the answer, and keeps the environment busy until it is back in next', async () => {
    const environment = await environmentOf(WITH_EXTENSION, {}, 'index.mjs');
    expect(environment.extensions).toEqual(['flusher']);
    const result = await environment.invoke({});
    expect(environment.lines).toEqual([]);
    await environment.idle();
    expect(environment.lines).toEqual([`flushed INVOKE ${result.ok && result.payload}`]);
  });

  it('holds back the next invocation while it works', async () => {
    const environment = await environmentOf(WITH_EXTENSION, {}, 'index.mjs');
    await environment.invoke({});
    await environment.invoke({});
    expect(environment.lines).toHaveLength(1);
  });
});

describe('registration', () => {
  it.each([
    ['SHUTDOWN', 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension'],
    ['OTHER', 'OTHER: ErrorInvalidEventType'],
  ])('is refused for %s', async (event, errorMessage) => {
    const api = await startRuntimeApi(about);
    const response = await register(api.address, 'x', ['INVOKE', event]);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ errorType: 'Extension.InvalidEventType', errorMessage });
    await api.close();
  });

  it('is limited to ten, each name once', async () => {
    const api = await startRuntimeApi(about);
    for (let n = 0; n < 10; n += 1) expect((await register(api.address, `e${n}`, [])).status).toBe(200);
    expect(await (await register(api.address, 'e0', [])).json()).toMatchObject({
      errorType: 'Extension.AlreadyRegistered',
    });
    expect(await (await register(api.address, 'e10', [])).json()).toMatchObject({
      errorType: 'Extension.TooManyExtensions',
    });
    await api.close();
  });

  it("closes at the runtime's first next", async () => {
    const api = await startRuntimeApi(about);
    const poll = new AbortController();
    const next = fetch(`http://${api.address}/2018-06-01/runtime/invocation/next`, { signal: poll.signal });
    next.catch(() => undefined);
    await api.initialized;
    expect(await (await register(api.address, 'late', [])).json()).toMatchObject({
      errorType: 'Extension.RegistrationClosed',
    });
    poll.abort();
    await api.close();
  });

  it.each([
    ['Node 22', NODE_22],
    ['Node 24', NODE_24],
  ])('is too late for what a CommonJS handler begins while it is loaded, on %s', async (_title, node) => {
    const environment = await environmentOf(`${REGISTERING}\nexports.handler = async () => answered;`, { node });
    expect(await environment.invoke({})).toEqual({ ok: true, payload: 403 });
    expect(environment.extensions).toEqual([]);
  });

  it.each([
    ['Node 22', NODE_22],
    ['Node 24', NODE_24],
  ])('is in time where an ES module awaits it, on %s', async (_title, node) => {
    const source = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      ${REGISTERING}
      const status = await answered;
      export const handler = async () => status;`;
    const environment = await environmentOf(source, { node }, 'index.mjs');
    expect(environment.extensions).toEqual(['early']);
  });

  it('on a managed instance is possible for no event only', async () => {
    const api = await startRuntimeApi({ ...about, maxConcurrency: 2 });
    expect(await (await register(api.address, 'x', ['INVOKE'])).json()).toEqual({
      errorType: 'Extension.InvalidEventType',
      errorMessage: 'No events allowed for internal extensions',
    });
    expect((await register(api.address, 'x', [])).status).toBe(200);
    await api.close();
  });

  it('makes an init error of an extension the init error of the environment', async () => {
    const api = await startRuntimeApi(about);
    const id = (await register(api.address, 'x', [])).headers.get('lambda-extension-identifier') ?? '';
    await fetch(`http://${api.address}/2020-01-01/extension/init/error`, {
      method: 'POST',
      headers: { 'lambda-extension-identifier': id, 'lambda-extension-function-error-type': 'Extension.Broken' },
    });
    expect(await api.initialized).toMatchObject({ ok: false, errorType: 'Extension.Broken' });
    await api.close();
  });
});
