/**
 * The runtime client of an execution environment, after AWS's own for Node.js 22 and 24: loads the handler, then next, invoke,
 * answer, for ever. Plain JavaScript without dependencies, because it runs on the Node under test.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { patchConsole } from './console.mjs';
import { loadHandler } from './load-handler.mjs';

// A static import of node:http would load undici into the process and into every start-up measurement.
const http = process.getBuiltinModule('node:http');
const net = process.getBuiltinModule('node:net');
const agent = new http.Agent({ keepAlive: true });
const env = process.env;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const maxConcurrency = Number(env.AWS_LAMBDA_MAX_CONCURRENCY ?? 0);
const invocations = new AsyncLocalStorage();
let current;

const call = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = {
      agent,
      host,
      port,
      method,
      path: `/2018-06-01/runtime/${path}`,
      headers: { ...headers, ...length },
    };
    const request = http.request(options, response => {
      const chunks = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });

/**
 * AWS's client asks for the first event from a native thread, without another turn of the event loop after the handler is
 * loaded. Over node:http that takes a connection that is open before.
 */
const connectAhead = async () => {
  const socket = net.connect(port, host);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const { createConnection } = agent;
  agent.createConnection = () => {
    agent.createConnection = createConnection;
    return socket;
  };
};

const describe = error =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const postError = (path, error) => {
  const described = describe(error);
  const headers = { 'content-type': 'application/json', 'lambda-runtime-function-error-type': described.errorType };
  return call('POST', path, JSON.stringify(described), headers);
};

const contextOf = headers => {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    ...(maxConcurrency > 0 ? { xRayTraceId: headers['lambda-runtime-trace-id'] } : {}),
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
};

const serialise = result => {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch (cause) {
    throw Object.assign(new Error(`Unable to stringify response body: ${cause.message}`), {
      name: 'Runtime.MarshalError',
    });
  }
};

/** Rejects when the event loop has nothing left that could still settle the handler's promise. */
const starved = () =>
  new Promise((_resolve, reject) => {
    const message = 'The asynchronous handler never settled and the event loop is empty';
    process.removeAllListeners('beforeExit');
    process.once('beforeExit', () => reject(Object.assign(new Error(message), { name: 'Runtime.NodeJsExit' })));
  });

const invoke = async (handler, body, context) => {
  const path = `invocation/${context.awsRequestId}`;
  try {
    const answer = serialise(await Promise.race([handler(JSON.parse(body), context), starved()]));
    await new Promise(resolve => setImmediate(resolve));
    await call('POST', `${path}/response`, answer, { 'content-type': 'application/json' });
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(describe(error)));
    await postError(`${path}/error`, error);
  }
};

const poll = async handler => {
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    const context = contextOf(headers);
    if (maxConcurrency > 0) {
      await invocations.run(context, () => invoke(handler, body, context));
    } else {
      current = context;
      env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
      await invoke(handler, body, context);
    }
  }
};

/** What nobody caught ends the process, after the caller has been told why. */
const dieOf = (exitCode, name) => error => {
  const cause = name === undefined ? error : Object.assign(new Error(String(error)), { name });
  console.error(name ?? 'Uncaught Exception', JSON.stringify(describe(cause)));
  const requestId = invocations.getStore()?.awsRequestId ?? current?.awsRequestId;
  const path = requestId === undefined ? 'init/error' : `invocation/${requestId}/error`;
  const exit = () => process.exit(exitCode);
  postError(path, cause).then(exit, exit);
};

// Whoever started us is gone; to say so on a broken pipe would be an error to say so of, for ever.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1));

env.AWS_EXECUTION_ENV = `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`;
patchConsole(() => invocations.getStore()?.awsRequestId ?? current?.awsRequestId, env);
process.on('uncaughtException', dieOf(129));
process.on('unhandledRejection', dieOf(128, 'Runtime.UnhandledPromiseRejection'));

try {
  await connectAhead();
  const handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER);
  for (let poller = 0; poller < Math.max(1, maxConcurrency); poller += 1) poll(handler).catch(dieOf(1));
} catch (error) {
  console.error('Init Error', JSON.stringify(describe(error)));
  await postError('init/error', error);
  process.exit(1);
}
