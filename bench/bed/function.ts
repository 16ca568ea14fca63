/** Starts execution environments around the authorizer or a control, with or without the probe inside. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, type EnvironmentOptions, startEnvironment } from '../../local/lambda/environment.ts';
import { httpEvent, restEvent } from '../../test/support/events.ts';
import type { Probed, ProcessUse } from '../probe.ts';
import type { Services } from './services.ts';
import { PROBE } from './task-root.ts';

export const NODES = {
  'Node 24': fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url)),
  'Node 22': fileURLToPath(new URL('../../test/node-22/node_modules/node/bin/node', import.meta.url)),
} as const;

/** The request that every scenario asks about: a REST API's golden event. */
export const EVENT = restEvent();
/** The same request through an HTTP API, which is what the AuthZEN control understands. */
export const HTTP_EVENT = httpEvent();

export type Variables = Readonly<Record<string, string>>;

export type Start = Pick<EnvironmentOptions, 'env' | 'taskRoot'> &
  Partial<EnvironmentOptions> & {
    /** What it is asked; `EVENT` if left out. */
    readonly event?: object;
  };

export interface ProbedEnvironment {
  readonly environment: Environment;
  /** Bytes that the function has written to stdout and stderr. */
  readonly written: () => number;
  /** Rejects if the function failed or the decision is not the one that is expected. */
  readonly decide: (expected?: 'Allow' | 'Deny') => Promise<Probed>;
  readonly invoke: () => Promise<Probed>;
  /** Another event than the usual one; what came of it is the caller's to judge. */
  readonly ask: (event: unknown) => Promise<Probed>;
  /** Asks for one more decision, and what the process used up to then. */
  readonly use: () => Promise<ProcessUse>;
}

/** ms of a cold start. */
export interface Cold {
  readonly init: number;
  readonly first: number;
}

/** The variables that lead a function to the policy service, with its credential in the environment. */
export const variablesFor = (services: Services): Variables => ({
  PINGONE_SERVICE_URL: services.serviceUrl,
  PINGONE_GATEWAY_CREDENTIAL: services.credential,
  NODE_EXTRA_CA_CERTS: services.caFile,
  BENCH_AUTHZEN_URL: services.authzenUrl,
});

/** The variables that switch the export of spans on, for the authorizer and for OpenTelemetry's own SDK. */
export const exporting = ({ collectors }: Services, collector: keyof Services['collectors'] = 'near'): Variables => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collectors[collector],
});

/** An environment as Lambda would run it: nothing of ours inside. */
export const startPlain = (module: string, { event: _, ...start }: Start): Promise<Environment> =>
  startEnvironment({ timeoutMs: 30_000, ...start, handler: `${module}.handler` });

/** An environment with the probe inside, which times each call there. */
export const startProbed = async (module: string, start: Start): Promise<ProbedEnvironment> => {
  const event = start.event ?? EVENT;
  let bytes = 0;
  const environment = await startPlain(PROBE, {
    ...start,
    env: { ...start.env, BENCH_TARGET: fileOf(join(start.taskRoot, module)) },
    onLine: line => {
      bytes += Buffer.byteLength(line) + 1;
    },
  });
  const ask = async (asked: unknown): Promise<Probed> => {
    const result = await environment.invoke(asked);
    if (!result.ok) throw new Error(`${module}: ${result.errorType}: ${result.errorMessage}`);
    return result.payload as Probed;
  };
  return {
    environment,
    written: () => bytes,
    invoke: () => ask(event),
    ask,
    decide: async (expected = 'Allow') => {
      const probed = await ask(event);
      expectEffect(module, probed, expected);
      return probed;
    },
    use: async () => {
      const probed = await ask({ ...event, bench: 'use' });
      expectEffect(module, probed, 'Allow');
      if (probed.use === undefined) throw new Error(`${module}: the probe did not say what the process uses`);
      return probed.use;
    },
  };
};

/** Starts a fresh process, asks for one decision and ends it. Rejects unless that is a permit. */
export const startCold = async (module: string, start: Start): Promise<Cold> => {
  const environment = await startPlain(module, start);
  try {
    const asked = performance.now();
    const result = await environment.invoke(start.event ?? EVENT);
    const first = performance.now() - asked;
    if (!result.ok) throw new Error(`${module}: ${JSON.stringify(result)}`);
    expectEffect(module, { ms: first, answer: result.payload }, 'Allow');
    return { init: environment.initMs, first };
  } finally {
    await environment.close();
  }
};

/** The effect that an answer's policy, or an HTTP API's simple answer, holds. */
export const effectOf = ({ answer }: Probed): string => {
  const text = JSON.stringify(answer) ?? '';
  if (text.includes('"isAuthorized":')) return text.includes('"isAuthorized":true') ? 'Allow' : 'Deny';
  return /"Effect":"(Allow|Deny)"/.exec(text)?.[1] ?? 'none';
};

function expectEffect(module: string, probed: Probed, expected: string): void {
  if (effectOf(probed) === expected) return;
  throw new Error(`${module}: expected ${expected}, got ${JSON.stringify(probed)}`);
}

function fileOf(module: string): string {
  return existsSync(`${module}.mjs`) ? `${module}.mjs` : `${module}.js`;
}
