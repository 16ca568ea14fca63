/** A Lambda function: execution environments that come and go with the load, one invocation at a time in each. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, type EnvironmentOptions, initFailure, startEnvironment } from './environment.ts';
import { failed, type InvokeOptions, type InvokeResult } from './invocation.ts';

/** How long an invocation waits for an environment that is about to be free, before a new one is started. */
const PLACEMENT_MS = 20;

export type FunctionOptions = EnvironmentOptions & {
  /** The concurrency limit of the function; further invocations are throttled. */
  readonly maxEnvironments?: number;
  /** Stops each process between its invocations, as Lambda does; off where missing. */
  readonly freezeWhenIdle?: boolean;
};

export type LambdaFunction = {
  invoke(event: unknown, options?: InvokeOptions): Promise<InvokeResult>;
  readonly environments: readonly Environment[];
  /** Starts an environment ahead of the first invocation, as provisioned concurrency does. */
  warm(): Promise<void>;
  close(): Promise<void>;
};

export const startFunction = (options: FunctionOptions): LambdaFunction => {
  const { maxEnvironments = 10, freezeWhenIdle = false, maxConcurrency = 1 } = options;
  /** Most recently used last: Lambda prefers it, so that the others can be ended. */
  const free: Environment[] = [];
  const all = new Set<Environment>();
  const starting = new Set<Promise<Environment>>();
  const settling = new Set<Promise<void>>();
  const load = new Map<Environment, number>();
  let closed = false;

  const discard = (environment: Environment): void => {
    all.delete(environment);
    load.delete(environment);
    const index = free.indexOf(environment);
    if (index >= 0) free.splice(index, 1);
    environment.close().catch(() => undefined);
  };

  const start = (): Promise<Environment> => {
    const promise = startEnvironment(options).finally(() => starting.delete(promise));
    starting.add(promise);
    return promise.then(environment => {
      all.add(environment);
      return environment;
    });
  };

  const take = (): Environment | undefined => {
    const environment = free.findLast(candidate => (load.get(candidate) ?? 0) < maxConcurrency);
    if (environment === undefined) return undefined;
    load.set(environment, (load.get(environment) ?? 0) + 1);
    if (load.get(environment) === maxConcurrency) free.splice(free.indexOf(environment), 1);
    if (freezeWhenIdle) environment.thaw();
    return environment;
  };

  const release = (environment: Environment): void => {
    load.set(environment, Math.max(0, (load.get(environment) ?? 0) - 1));
    if (freezeWhenIdle && load.get(environment) === 0) environment.freeze();
    const index = free.indexOf(environment);
    if (index >= 0) free.splice(index, 1);
    free.push(environment);
  };

  /** Free again only when runtime and extensions wait; until then a further invocation needs another environment. */
  const settle = async (environment: Environment): Promise<void> => {
    if (maxConcurrency === 1) await environment.idle();
    if (!environment.alive || closed) discard(environment);
    else release(environment);
  };

  const acquire = async (): Promise<Environment | undefined> => {
    let reused = take();
    if (reused === undefined && settling.size > 0) {
      await Promise.race([...settling, delay(PLACEMENT_MS, undefined, { ref: false })]);
      reused = take();
    }
    if (reused?.alive) return reused;
    if (reused !== undefined) discard(reused);
    if (all.size + starting.size >= maxEnvironments) return undefined;
    const environment = await start();
    load.set(environment, 1);
    if (maxConcurrency > 1) free.push(environment);
    return environment;
  };

  const invoke = async (event: unknown, invokeOptions?: InvokeOptions): Promise<InvokeResult> => {
    if (closed) return failed('ResourceNotFoundException', 'the function has been closed');
    let environment: Environment | undefined;
    try {
      environment = await acquire();
    } catch (error) {
      return initFailure(error) ?? failed('Runtime.Unknown', String(error));
    }
    if (environment === undefined) return failed('TooManyRequestsException', 'Rate Exceeded.');
    const result = await environment.invoke(event, invokeOptions);
    const settled = settle(environment).finally(() => settling.delete(settled));
    settling.add(settled);
    return result;
  };

  return {
    invoke,
    get environments() {
      return [...all];
    },
    warm: async () => release(await start()),
    close: async () => {
      closed = true;
      const late = await Promise.allSettled(starting);
      const pending = late.flatMap(started => (started.status === 'fulfilled' ? [started.value] : []));
      await Promise.all([...new Set([...all, ...pending])].map(environment => environment.close()));
      all.clear();
    },
  };
};
