/** One life: an environment that is composed of the product's own code, and what chance does to it. */
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { apiGateway } from '../../src/gateway/api-gateway.ts';
import { drawn, wholeNumber } from './chance.ts';
import { type Attempt, type Health, openService } from './service.ts';
import { openStore, type StoreHealth } from './store.ts';
import { openWorld, type World } from './world.ts';

/** One invocation of the authorizer. */
export interface Invocation {
  /** Names its path and its token. */
  readonly request: number;
  readonly startedAt: number;
  /** On the process's own clock. */
  readonly startedElapsed: number;
  readonly remainingMs: number;
  readonly breaker: string;
  endedElapsed: number | undefined;
  answer: unknown;
}

/** A change of the breaker, as its log line tells it. */
export interface Change {
  readonly at: number;
  readonly state: string;
}

/** All that happened, for the judges. */
export interface Life {
  readonly invocations: readonly Invocation[];
  readonly attempts: readonly Attempt[];
  readonly changes: readonly Change[];
  readonly settings: Settings;
  /** Timers that were left once everything had come to its end. */
  readonly timersLeft: number;
  /** In order, for people. */
  readonly story: readonly string[];
}

export interface Settings {
  readonly concurrency: number;
  readonly cacheTtlMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
}

const STEPS = 40;
/** Longer than any deadline, time to live, open breaker or patience of the product. */
const LONG_ENOUGH_MS = 400_000;

/** Lives one life. The same seed gives the same life. */
export const live = async (seed: number): Promise<Life> => {
  const world = openWorld(seed);
  const story: string[] = [];
  const say = (line: string): void => {
    story.push(`${(world.now() / 1000).toFixed(3).padStart(9)} s  ${line}`);
  };
  const settings = settingsOf(world);
  const service = openService(world, say);
  const store = openStore(world, service, say);
  const changes: Change[] = [];
  const invocations: Invocation[] = [];
  const { authorize } = compose(apiGateway(configOf(settings).answers), configOf(settings), {
    send: service.send,
    fetchSecret: store.fetchSecret,
    clock: world.clock,
    writeLine: line => {
      const record: unknown = JSON.parse(line);
      if (typeof record !== 'object' || record === null || !('message' in record)) return;
      if (record.message === 'breaker' && 'state' in record) {
        changes.push({ at: world.now(), state: String(record.state) });
        say(`the breaker is ${String(record.state)}`);
      }
    },
  });

  let running = 0;
  const invoke = (): void => {
    const again = invocations.length > 0 && world.random() < 0.2;
    const request = again ? wholeNumber(world.random, 0, invocations.length - 1) : invocations.length;
    const remainingMs = drawn(world.random, [
      [8, 30_000],
      [1, 3000],
      [1, 400],
    ] as const);
    const invocation: Invocation = {
      request,
      startedAt: world.now(),
      startedElapsed: world.clock.elapsed(),
      remainingMs,
      breaker: changes.at(-1)?.state ?? 'closed',
      endedElapsed: undefined,
      answer: undefined,
    };
    invocations.push(invocation);
    running += 1;
    say(`request ${request} begins`);
    authorize(eventOf(request), { getRemainingTimeInMillis: () => remainingMs }).then(
      answer => {
        invocation.answer = answer;
        invocation.endedElapsed = world.clock.elapsed();
        running -= 1;
        say(`request ${request} is answered: ${effectOf(answer)}`);
      },
      error => {
        invocation.answer = error;
        invocation.endedElapsed = world.clock.elapsed();
        running -= 1;
      },
    );
  };

  for (let step = 0; step < STEPS; step += 1) {
    await takeStep(
      world,
      { invoke, mayInvoke: () => running < settings.concurrency, idle: () => running === 0 },
      service,
      store,
      say,
    );
  }
  world.thaw();
  await world.pass(LONG_ENOUGH_MS);
  return { invocations, attempts: service.attempts, changes, settings, timersLeft: world.timers(), story };
};

interface Host {
  readonly invoke: () => void;
  readonly mayInvoke: () => boolean;
  readonly idle: () => boolean;
}

async function takeStep(
  world: World,
  host: Host,
  service: ReturnType<typeof openService>,
  store: ReturnType<typeof openStore>,
  say: (line: string) => void,
): Promise<void> {
  const { random } = world;
  const step = drawn(random, [
    [20, 'invoke'],
    [8, 'pass'],
    [3, 'service'],
    [2, 'store'],
    [1, 'rotate'],
    [2, 'freeze'],
    [2, 'clock'],
  ] as const);
  if (step === 'invoke') {
    if (host.mayInvoke()) host.invoke();
    await world.pass(wholeNumber(random, 0, 600));
  } else if (step === 'pass')
    await world.pass(
      drawn(random, [
        [6, 1500],
        [3, 6000],
        [1, 70_000],
      ] as const),
    );
  else if (step === 'service') {
    const health = drawn<Health>(random, [
      [4, 'well'],
      [2, 'shaky'],
      [1, 'down'],
      [1, 'stalled'],
      [1, 'limiting'],
    ]);
    say(`PingOne is ${health}`);
    service.become(health);
  } else if (step === 'store') {
    const health = drawn<StoreHealth>(random, [
      [3, 'well'],
      [1, 'slow'],
      [1, 'away'],
      [1, 'behind'],
    ]);
    say(`the secret store is ${health}`);
    store.become(health);
  } else if (step === 'rotate') store.rotate();
  else if (step === 'clock') {
    const ms = drawn(random, [
      [1, -3_600_000],
      [1, -20_000],
      [1, 20_000],
      [1, 3_600_000],
    ] as const);
    say(`the wall clock is set by ${ms / 1000} s`);
    world.setClock(ms);
  } else if (host.idle()) {
    const ms = drawn(random, [
      [2, 2000],
      [1, 40_000],
      [1, 900_000],
    ] as const);
    say(`frozen for ${ms / 1000} s`);
    world.freeze();
    await world.pass(ms);
    world.thaw();
  }
}

function settingsOf({ random }: World): Settings {
  return {
    concurrency: drawn(random, [
      [3, 1],
      [2, 6],
    ] as const),
    cacheTtlMs: drawn(random, [
      [3, 0],
      [1, 5000],
    ] as const),
    deadlineMs: drawn(random, [
      [3, 5000],
      [1, 1200],
    ] as const),
    retries: drawn(random, [
      [3, 1],
      [1, 0],
      [1, 2],
    ] as const),
  };
}

function configOf({ cacheTtlMs, deadlineMs, retries, concurrency }: Settings) {
  return loadConfig({
    PINGONE_SERVICE_URL: 'https://pingone.example/v1/environments/e1',
    PINGONE_GATEWAY_CREDENTIAL_SECRET: 'credential',
    PINGONE_CREDENTIAL_TTL_MS: '60000',
    PINGONE_PREWARM: 'false',
    AUTHORIZER_DEADLINE_MS: String(deadlineMs),
    PINGONE_RETRIES: String(retries),
    DECISION_CACHE_TTL_MS: String(cacheTtlMs),
    FORWARD_HEADERS: 'x-mark',
    METRICS: 'none',
    ...(concurrency > 1 ? { AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency) } : {}),
  });
}

/** Each request has a path and a token of its own. */
function eventOf(request: number): object {
  const path = `/r/${request}`;
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:123456789012:api1/dev/GET${path}`,
    resource: '/r/{id}',
    path,
    httpMethod: 'GET',
    multiValueHeaders: { Host: ['api1.example'], Authorization: [`Bearer token-${request}`] },
    multiValueQueryStringParameters: {},
    requestContext: {
      path: `/dev${path}`,
      domainName: 'api1.example',
      requestId: `request-${request}`,
      identity: { sourceIp: '192.0.2.1' },
    },
  };
}

/** `permit`, `deny` with its reason code, or what was thrown. */
export function effectOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('context' in answer)) return `threw ${String(answer)}`;
  const { context } = answer;
  if (typeof context !== 'object' || context === null || !('reasonCode' in context)) return 'no context';
  return String(context.reasonCode);
}
