/** One Lambda execution environment: a child process with the runtime client, invoked, frozen, thawed and ended as Lambda does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { childEnvironment, DEFAULT_IDENTITY, type FunctionIdentity, functionArn } from './child-environment.ts';
import { failed, type InvokeError, type InvokeOptions, type InvokeResult } from './invocation.ts';
import { collectLines, type OutputStream } from './output.ts';
import { startRuntimeApi } from './runtime-api.ts';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
const INIT_LIMIT_MS = 10_000;
/** What Lambda leaves a process with internal extensions between SIGTERM and SIGKILL. */
const SHUTDOWN_MS = 500;

export type EnvironmentOptions = {
  readonly taskRoot: string;
  readonly handler: string;
  /** The function's own variables; nothing of the parent's environment is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The Node binary; the one that runs us where missing. */
  readonly node?: string;
  readonly nodeArguments?: readonly string[];
  /** The file that Node runs: the runtime client. An emulation of AWS's own where missing. */
  readonly runtimeClient?: string;
  /** The function's timeout; Lambda's default of 3 s where missing. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: OutputStream) => void;
  /** Makes the environment a managed instance that works on this many invocations at once. */
  readonly maxConcurrency?: number;
  readonly identity?: Partial<FunctionIdentity>;
};

export type Environment = {
  readonly pid: number;
  /** From the start of the process until runtime and extensions first waited for work. */
  readonly initMs: number;
  readonly lines: readonly string[];
  readonly extensions: readonly string[];
  /** False once the process has ended. */
  readonly alive: boolean;
  /** What ended the process: a signal or its exit code; undefined while it lives. */
  readonly endedBy: NodeJS.Signals | number | undefined;
  /** Always settles: with the function's answer, its error, `Runtime.ExitError` or `Sandbox.Timedout`. */
  invoke(event: unknown, options?: InvokeOptions): Promise<InvokeResult>;
  idle(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Ends the process as Lambda does: with SIGTERM and 500 ms if extensions are registered, else at once. */
  close(): Promise<void>;
};

/** Why an environment did not come up; `errorType` is Lambda's. */
export const initFailure = (error: unknown): InvokeError | undefined =>
  error instanceof Error && 'errorType' in error && typeof error.errorType === 'string'
    ? failed(error.errorType, error.message)
    : undefined;

const freshTraceId = (): string => {
  const root = `${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return `Root=1-${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
};

const exitError = (code: number | null, signal: NodeJS.Signals | null): InvokeError => {
  if (signal !== null) return failed('Runtime.ExitError', `Runtime exited with error: signal: ${signal}`);
  if (code === 0) return failed('Runtime.ExitError', 'Runtime exited without providing a reason');
  return failed('Runtime.ExitError', `Runtime exited with error: exit status ${code}`);
};

const spawned = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });

/** A frozen child would outlive us unnoticed: it cannot see that its Runtime API is gone. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export const startEnvironment = async (options: EnvironmentOptions): Promise<Environment> => {
  const {
    taskRoot,
    handler,
    timeoutMs = 3000,
    maxConcurrency,
    node = process.execPath,
    runtimeClient = BOOTSTRAP,
  } = options;
  const identity = { ...DEFAULT_IDENTITY, ...options.identity };
  const concurrency = maxConcurrency === undefined ? {} : { maxConcurrency };
  const about = { functionArn: functionArn(identity), functionName: identity.name, handler };
  const api = await startRuntimeApi({ ...about, ...concurrency });
  const started = performance.now();
  const child = spawn(node, [...(options.nodeArguments ?? []), runtimeClient], {
    cwd: taskRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({
      identity,
      taskRoot,
      handler,
      runtimeApi: api.address,
      configured: options.env,
      ...concurrency,
    }),
  });
  const lines: string[] = [];
  collectLines(child.stdout, 'stdout', lines, options.onLine);
  collectLines(child.stderr, 'stderr', lines, options.onLine);
  let endedBy: NodeJS.Signals | number | undefined;
  children.add(child);
  child.once('exit', (code, signal) => {
    endedBy = signal ?? code ?? -1;
    children.delete(child);
    api.abandon(exitError(code, signal));
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));

  const close = async (): Promise<void> => {
    // Internal extensions are why Lambda ends a process gently at all.
    if (endedBy === undefined && api.extensions.length > 0) {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const grace = AbortSignal.timeout(SHUTDOWN_MS);
      grace.addEventListener('abort', () => child.kill('SIGKILL'));
    } else child.kill('SIGKILL');
    await ended;
    await api.close();
  };

  const pid = await spawned(child).catch(async (error: unknown) => {
    await api.close();
    throw error;
  });
  const initTimer = setTimeout(
    () => api.abandon(failed('Sandbox.Timedout', `Init timed out after ${INIT_LIMIT_MS} ms`)),
    INIT_LIMIT_MS,
  );
  const initError = await api.initialized;
  clearTimeout(initTimer);
  const initMs = performance.now() - started;
  if (initError !== undefined) {
    await close();
    const lastWords = lines.length > 0 ? `; its last line: ${lines.at(-1)}` : '';
    const message = initError.errorMessage === '' ? `init failed${lastWords}` : initError.errorMessage;
    throw Object.assign(new Error(message), { errorType: initError.errorType });
  }

  const invoke = (event: unknown, options: InvokeOptions = {}): Promise<InvokeResult> => {
    const { traceId = freshTraceId(), remainingMs = timeoutMs } = options;
    const requestId = randomUUID();
    const timer = setTimeout(() => {
      const seconds = (timeoutMs / 1000).toFixed(2);
      api.expire(
        requestId,
        failed('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`),
      );
      // Managed instances leave the process and its other invocations alone.
      if (maxConcurrency === undefined) child.kill('SIGKILL');
    }, timeoutMs);
    const invocation = { requestId, payload: JSON.stringify(event), deadlineMs: Date.now() + remainingMs, traceId };
    return api.invoke(invocation).finally(() => clearTimeout(timer));
  };

  return {
    pid,
    initMs,
    lines,
    get extensions() {
      return api.extensions;
    },
    get alive() {
      return endedBy === undefined;
    },
    get endedBy() {
      return endedBy;
    },
    invoke,
    idle: api.idle,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    close,
  };
};
