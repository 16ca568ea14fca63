/** Starts execution environments around the authorizer or a control, with or without the probe inside. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, type EnvironmentOptions, startEnvironment } from '../../local/lambda/environment.ts';
import { restEvent } from '../../test/support/events.ts';
import type { Probed, ProcessUse } from '../probe.ts';
import type { Services } from './services.ts';
import { PROBE } from './task-root.ts';

export const NODES = {
  'Node 24': fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url)),
  'Node 22': fileURLToPath(new URL('../../test/node-22/node_modules/node/bin/node', import.meta.url)),
} as const;

/** The request that every scenario asks about: a REST API's golden event. */
export const EVENT = restEvent();

export type Variables = Readonly<Record<string, string>>;

/** The variables that lead a function to the policy service, with its credential in the environment. */
export const variablesFor = (services: Services): Variables => ({
  PINGONE_SERVICE_URL: services.serviceUrl,
  PINGONE_GATEWAY_CREDENTIAL: services.credential,
  NODE_EXTRA_CA_CERTS: services.caFile,
});

/** The variables that switch the export of spans on, for the authorizer and for OpenTelemetry's own SDK. */
export const exporting = (services: Services): Variables => ({ OTEL_EXPORTER_OTLP_ENDPOINT: services.collectorUrl });

export type Start = Pick<EnvironmentOptions, 'env' | 'taskRoot'> & Partial<EnvironmentOptions>;

/** An environment as Lambda would run it: nothing of ours inside. */
export const startPlain = (module: string, start: Start): Promise<Environment> =>
  startEnvironment({ timeoutMs: 30_000, ...start, handler: `${module}.handler` });

export interface ProbedEnvironment {
  readonly environment: Environment;
  /** Bytes that the function has written to stdout and stderr. */
  readonly written: () => number;
  /** Rejects where the function failed or the decision is not the one that is expected. */
  readonly decide: (expected?: 'Allow' | 'Deny') => Promise<Probed>;
  readonly invoke: () => Promise<Probed>;
  /** Another event than the usual one; what came of it is the caller's to judge. */
  readonly ask: (event: unknown) => Promise<Probed>;
  /** Asks for one more decision, and what the process used up to then. */
  readonly use: () => Promise<ProcessUse>;
}

/** The effect that an answer's policy holds. */
export const effectOf = ({ answer }: Probed): string => {
  const text = JSON.stringify(answer) ?? '';
  return /"Effect":"(Allow|Deny)"/.exec(text)?.[1] ?? 'none';
};

const fileOf = (module: string): string => (existsSync(`${module}.mjs`) ? `${module}.mjs` : `${module}.js`);

export const startProbed = async (module: string, start: Start): Promise<ProbedEnvironment> => {
  let bytes = 0;
  const environment = await startPlain(PROBE, {
    ...start,
    env: { ...start.env, BENCH_TARGET: fileOf(join(start.taskRoot, module)) },
    onLine: line => {
      bytes += Buffer.byteLength(line) + 1;
    },
  });
  const ask = async (event: unknown): Promise<Probed> => {
    const result = await environment.invoke(event);
    if (!result.ok) throw new Error(`${module}: ${result.errorType}: ${result.errorMessage}`);
    return result.payload as Probed;
  };
  return {
    environment,
    written: () => bytes,
    invoke: () => ask(EVENT),
    ask,
    decide: async (expected = 'Allow') => {
      const probed = await ask(EVENT);
      if (effectOf(probed) !== expected) {
        throw new Error(`${module}: expected ${expected}, got ${JSON.stringify(probed)}`);
      }
      return probed;
    },
    use: async () => {
      const { use } = await ask({ ...EVENT, bench: 'use' });
      if (use === undefined) throw new Error(`${module}: the probe did not tell what the process uses`);
      return use;
    },
  };
};
