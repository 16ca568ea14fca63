/** The local API Gateway in a process of its own, in front of a function that scales out, or of one managed instance. */
import { apiIdentity } from '../../local/gateway/api.ts';
import { createHttpApi } from '../../local/gateway/http-api.ts';
import { jsonReply } from '../../local/gateway/request.ts';
import { startGatewayServer } from '../../local/gateway/server.ts';
import { startFunction } from '../../local/lambda/function.ts';
import { answerCalls } from './child.ts';
import { AUTHORIZER } from './task-root.ts';

export interface GatewayPlan {
  readonly taskRoot: string;
  readonly env: Readonly<Record<string, string>>;
  /** Invocations at once in the one environment; environments come and go with the load where missing. */
  readonly maxConcurrency?: number;
}

export interface GatewayReady {
  readonly origin: string;
}

/** Beyond twice the connections of the closed loop: a throttled request would be a failed one. */
const MOST_ENVIRONMENTS = 30;

const start = async ({ taskRoot, env, maxConcurrency }: GatewayPlan) => {
  const lambda = startFunction({
    taskRoot,
    env,
    handler: `${AUTHORIZER}.handler`,
    timeoutMs: 10_000,
    ...(maxConcurrency === undefined ? { maxEnvironments: MOST_ENVIRONMENTS } : { maxConcurrency, maxEnvironments: 1 }),
  });
  const api = { ...apiIdentity('bench', '$default'), routes: ['ANY /{proxy+}'] };
  const backend = () => Promise.resolve(jsonReply(200, { ok: true }));
  const server = await startGatewayServer({
    gateway: createHttpApi({ api, backend, invoke: lambda.invoke }),
    domainName: api.domainName,
  });
  await lambda.warm();
  return { lambda, origin: server.origin };
};

let started: Promise<Awaited<ReturnType<typeof start>>> | undefined;

answerCalls({
  start: async (plan): Promise<GatewayReady> => {
    started = start(plan as GatewayPlan);
    return { origin: (await started).origin };
  },
  environments: async () => (await started)?.lambda.environments.length ?? 0,
  // Environments are processes: they must not outlive us.
  close: async () => (await started)?.lambda.close(),
});
