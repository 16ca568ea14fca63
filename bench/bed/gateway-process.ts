/** The local API Gateway in a process of its own, in front of a function that scales out, or of one managed instance. */
import { apiIdentity } from '../../local/gateway/api.ts';
import { createHttpApi } from '../../local/gateway/http-api.ts';
import { jsonReply } from '../../local/gateway/request.ts';
import { startGatewayServer } from '../../local/gateway/server.ts';
import { startFunction } from '../../local/lambda/function.ts';
import type { Invoke, InvokeResult } from '../../local/lambda/invocation.ts';
import { answerCalls } from './child.ts';
import { effectOf } from './function.ts';
import { AUTHORIZER } from './task-root.ts';

export interface GatewayPlan {
  readonly taskRoot: string;
  readonly env: Readonly<Record<string, string>>;
  /** Invocations at once in the one environment; environments come and go with the load if left out. */
  readonly maxConcurrency?: number;
}

export interface GatewayReady {
  readonly origin: string;
}

/** What became of the calls that the gateway made to the function and that gave no permit. */
export interface Failures {
  /** More requests at once than the function may have environments: Lambda did not run it. */
  readonly throttled: number;
  /** The authorizer refused. */
  readonly denied: number;
  /** The function failed or ran out of time. */
  readonly broken: number;
}

/** Beyond twice the connections of the closed loop. */
const MAX_ENVIRONMENTS = 30;

let started: Promise<Awaited<ReturnType<typeof start>>> | undefined;

answerCalls({
  start: async (plan): Promise<GatewayReady> => {
    started = start(plan as GatewayPlan);
    return { origin: (await started).origin };
  },
  environments: async () => (await started)?.lambda.environments.length ?? 0,
  failures: async (): Promise<Failures> => (await started)?.failuresSoFar() ?? { throttled: 0, denied: 0, broken: 0 },
  // Environments are processes: they must not outlive us.
  close: async () => (await started)?.lambda.close(),
});

async function start({ taskRoot, env, maxConcurrency }: GatewayPlan) {
  const lambda = startFunction({
    taskRoot,
    env,
    handler: `${AUTHORIZER}.handler`,
    timeoutMs: 10_000,
    ...(maxConcurrency === undefined ? { maxEnvironments: MAX_ENVIRONMENTS } : { maxConcurrency, maxEnvironments: 1 }),
  });
  const failures = { throttled: 0, denied: 0, broken: 0 };
  const invoke: Invoke = async (event, options) => {
    const result = await lambda.invoke(event, options);
    const kind = failureOf(result);
    if (kind !== undefined) failures[kind] += 1;
    return result;
  };
  const api = { ...apiIdentity('bench', '$default'), routes: ['ANY /{proxy+}'] };
  const backend = () => Promise.resolve(jsonReply(200, { ok: true }));
  const server = await startGatewayServer({
    gateway: createHttpApi({ api, backend, invoke }),
    domainName: api.domainName,
  });
  await lambda.warm();
  return { lambda, origin: server.origin, failuresSoFar: (): Failures => ({ ...failures }) };
}

function failureOf(result: InvokeResult): keyof Failures | undefined {
  if (!result.ok) return result.errorType === 'TooManyRequestsException' ? 'throttled' : 'broken';
  return effectOf({ ms: 0, answer: result.payload }) === 'Allow' ? undefined : 'denied';
}
