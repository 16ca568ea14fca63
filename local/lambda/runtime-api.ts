/** The Lambda Runtime API of one execution environment: what the runtime client polls and posts to. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord, listenOnLoopback, parseJson, readBody } from '../loopback.ts';
import { createExtensionsApi } from './extensions-api.ts';
import { failed, type Invocation, type InvokeError, type InvokeResult } from './invocation.ts';

const PREFIX = '/2018-06-01/runtime/';
/** Lambda's limit for a synchronous answer. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export type RuntimeApiOptions = {
  readonly functionArn: string;
  readonly functionName: string;
  readonly handler: string;
  /** Invocations at once in the process; more than one is a managed instance. */
  readonly maxConcurrency?: number;
};

export type RuntimeApi = {
  /** host:port, the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Settles once: undefined when runtime and extensions wait for work for the first time, else the init error. */
  readonly initialized: Promise<InvokeError | undefined>;
  readonly extensions: readonly string[];
  invoke(invocation: Invocation): Promise<InvokeResult>;
  /** Runtime and extensions are back in `next` and nothing is queued: what Lambda may freeze. */
  idle(): Promise<void>;
  /** Answers everything unanswered with this error and accepts no more work; for a process that is gone. */
  abandon(error: InvokeError): void;
  /** Answers one invocation with this error; what the runtime still posts for it is refused. */
  expire(requestId: string, error: InvokeError): void;
  close(): Promise<void>;
};

type Pending = { readonly invocation: Invocation; readonly answer: (result: InvokeResult) => void };

const invokeError = (body: string, fallbackType: string): InvokeError => {
  const parsed = parseJson(body);
  const { errorType, errorMessage } = isRecord(parsed) ? parsed : {};
  return failed(
    typeof errorType === 'string' ? errorType : fallbackType,
    typeof errorMessage === 'string' ? errorMessage : '',
  );
};

const accept = (response: ServerResponse, status = 202, body: unknown = { status: 'OK' }): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

export const startRuntimeApi = async (options: RuntimeApiOptions): Promise<RuntimeApi> => {
  const managedInstances = options.maxConcurrency !== undefined;
  const pollers = options.maxConcurrency ?? 1;
  const queue: Pending[] = [];
  const running = new Map<string, Pending>();
  const polls: ServerResponse[] = [];
  const idleWaiters: (() => void)[] = [];
  const init = Promise.withResolvers<InvokeError | undefined>();
  let gone: InvokeError | undefined;

  const extensions = createExtensionsApi({
    ...options,
    managedInstances,
    onChange: () => settle(),
    onFailure: (errorType, name) => init.resolve(failed(errorType, `extension ${name} failed`)),
  });

  const isIdle = (): boolean =>
    queue.length === 0 && running.size === 0 && polls.length >= pollers && extensions.idle();

  const dispatch = (pending: Pending, poll: ServerResponse): void => {
    const { requestId, payload, deadlineMs, traceId } = pending.invocation;
    running.set(requestId, pending);
    poll.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': options.functionArn,
      'lambda-runtime-trace-id': traceId,
    });
    poll.end(payload);
    extensions.announce(pending.invocation);
  };

  const mayDispatch = (): boolean => managedInstances || (running.size === 0 && extensions.idle());

  const settle = (): void => {
    while (queue.length > 0 && polls.length > 0 && mayDispatch()) {
      const [pending, poll] = [queue.shift(), polls.shift()];
      if (pending !== undefined && poll !== undefined) dispatch(pending, poll);
    }
    if (gone === undefined && !isIdle()) return;
    init.resolve(undefined);
    for (const wake of idleWaiters.splice(0)) wake();
  };

  const next = (response: ServerResponse): void => {
    extensions.closeRegistration();
    polls.push(response);
    response.once('close', () => {
      const index = polls.indexOf(response);
      if (index >= 0) polls.splice(index, 1);
    });
    settle();
  };

  const answer = (requestId: string, result: InvokeResult, response: ServerResponse): void => {
    const pending = running.get(requestId);
    running.delete(requestId);
    if (pending === undefined)
      accept(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    else accept(response);
    pending?.answer(result);
    settle();
  };

  const result = (body: Buffer | undefined): InvokeResult => {
    if (body === undefined)
      return failed('Function.ResponseSizeTooLarge', `Response payload size exceeded ${MAX_RESPONSE_BYTES} bytes`);
    const payload = parseJson(body.toString());
    return payload === undefined
      ? failed('Runtime.InvalidResponse', 'the runtime posted a response that is not JSON')
      : { ok: true, payload };
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, MAX_RESPONSE_BYTES);
    const text = body?.toString() ?? '';
    if (extensions.handle(request, response, text)) return;
    const [kind, id = '', action] = (request.url ?? '').slice(PREFIX.length).split('/');
    const call = [request.method, kind, id === 'next' || kind === 'init' ? id : action].join(' ');
    if (call === 'GET invocation next') next(response);
    else if (call === 'POST invocation response') answer(id, result(body), response);
    else if (call === 'POST invocation error') answer(id, invokeError(text, 'Function.Unknown'), response);
    else if (call === 'POST init error') {
      accept(response);
      init.resolve(invokeError(text, 'Runtime.Unknown'));
    } else accept(response, 404, { errorType: 'NotFound', errorMessage: 'no such path of the Runtime API' });
  };

  const server = await listenOnLoopback((request, response) => {
    route(request, response).catch(() => response.destroy());
  });

  const abandon = (error: InvokeError): void => {
    gone ??= error;
    init.resolve(error);
    for (const pending of [...queue.splice(0), ...running.values()]) pending.answer(error);
    running.clear();
    settle();
  };

  return {
    address: server.origin.slice('http://'.length),
    initialized: init.promise,
    get extensions() {
      return extensions.names();
    },
    invoke: invocation =>
      gone !== undefined
        ? Promise.resolve(gone)
        : new Promise(resolve => {
            queue.push({ invocation, answer: resolve });
            settle();
          }),
    idle: () =>
      gone !== undefined || isIdle() ? Promise.resolve() : new Promise(resolve => idleWaiters.push(resolve)),
    abandon,
    expire: (requestId, error) => {
      const queued = queue.findIndex(({ invocation }) => invocation.requestId === requestId);
      const pending = queued >= 0 ? queue.splice(queued, 1)[0] : running.get(requestId);
      running.delete(requestId);
      pending?.answer(error);
      settle();
    },
    close: () => server.close(),
  };
};
