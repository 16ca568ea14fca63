/** The environments whose busy time is compared, under AWS's own runtime client if it can be built here. */
import type { Environment } from '../../local/lambda/environment.ts';
import { buildRuntimeClient } from '../../test/telemetry/runtime-client.ts';
import type { Distance } from '../bed/collectors.ts';
import { exporting, NODES, startPlain, variablesFor } from '../bed/function.ts';
import type { Services } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import type { Bench } from '../scenario.ts';
import { BARE, bare, flushing } from '../variants.ts';

export interface Subject {
  readonly name: string;
  readonly environment: Environment;
  readonly event: object;
  /** The collector that its spans go to. */
  readonly collector: Distance | undefined;
  /** Decisions so far. */
  decisions: number;
}

export const OFF = 'authorizer, telemetry off';
export const NEAR = 'authorizer, collector on the same host';
export const AWAY = 'authorizer, collector 20 ms away';
export const FAR = 'authorizer, collector 200 ms away';
export const HANGS = 'authorizer, collector hangs';
export const FLUSH = 'fetch authorizer with flush, collector 20 ms away';

/** ms after which a batch is exported: short, so that a short measurement holds no fewer exports for each decision than a long one. */
export const BATCH_DELAY_MS = 500;

export type Client = { readonly path: string } | { readonly problem: string };

const BATCHING = { OTEL_BSP_SCHEDULE_DELAY: String(BATCH_DELAY_MS) };

const VARIANTS: readonly (readonly [name: string, module: string, collector: Distance | undefined])[] = [
  [BARE, bare.module, undefined],
  [OFF, AUTHORIZER, undefined],
  [NEAR, AUTHORIZER, 'near'],
  [AWAY, AUTHORIZER, 'ms20'],
  [FAR, AUTHORIZER, 'ms200'],
  [HANGS, AUTHORIZER, 'hangs'],
  [FLUSH, flushing.module, 'peer20'],
];

/** AWS's runtime client, or why it cannot be built here. */
export const runtimeClient = async (): Promise<Client> => {
  try {
    return { path: await buildRuntimeClient() };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
};

export const startSubjects = async (bench: Bench, services: Services, client: Client): Promise<readonly Subject[]> => {
  const subjects: Subject[] = [];
  for (const [name, module, collector] of VARIANTS) {
    const env = collector === undefined ? {} : { ...exporting(services, collector), ...BATCHING };
    subjects.push({ name, ...(await startUnder(client, bench, services, module, env)), collector, decisions: 0 });
  }
  return subjects;
};

/** One more environment of the authorizer, which exports to the near collector with the defaults. */
export const startExporting = async (bench: Bench, services: Services, client: Client): Promise<Subject> => ({
  name: NEAR,
  ...(await startUnder(client, bench, services, AUTHORIZER, exporting(services))),
  collector: 'near',
  decisions: 0,
});

async function startUnder(
  client: Client,
  bench: Bench,
  services: Services,
  module: string,
  variables: Readonly<Record<string, string>>,
): Promise<Pick<Subject, 'environment' | 'event'>> {
  const environment = await startPlain(module, {
    taskRoot: bench.taskRoot,
    env: { ...variablesFor(services), ...variables },
    node: NODES['Node 24'],
    ...('path' in client ? { runtimeClient: client.path } : {}),
  });
  bench.defer(environment.close);
  return { environment, event: bare.event };
}
