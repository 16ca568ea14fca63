/**
 * The soak: thousands of requests against a PingOne that does everything wrong at random, on one connection after another.
 * `SOAK_SEED` repeats a run; `SOAK_SECONDS` and `SOAK_REQUESTS` make it longer, as CI does.
 */
import { describe, expect, vi } from 'vitest';
import { THOROUGH } from '../support/thorough.ts';
import { NODES } from './authorizer-environment.ts';
import { median, residentMiB, socketCount } from './process-footprint.ts';
import { weatherFrom } from './soak-faults.ts';
import { it, type Stage } from './stage.ts';

const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 32);
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? (THOROUGH ? 12 : 5));
const REQUESTS = Number(process.env['SOAK_REQUESTS'] ?? 30_000);
const RESET_MS = 100;
const MAX_SOCKETS = 4;
const SAMPLE_EVERY = 100;
/** A leak of one reply a request would be many times this. */
const GROWTH_MIB = 48;
/** Every rate of faults once: a busy machine takes longer for it, and is given the time. */
const LEAST_REQUESTS = 650;
const GIVE_UP_MS = 20_000;

const ENV = {
  BREAKER_RESET_MS: String(RESET_MS),
  BREAKER_WINDOW_MS: '500',
  PINGONE_REQUEST_TIMEOUT_MS: '80',
  AUTHORIZER_DEADLINE_MS: '240',
  PINGONE_MAX_SOCKETS: String(MAX_SOCKETS),
  PINGONE_MAX_REPLY_BYTES: '100000',
  LOG_LEVEL: 'ERROR',
  METRICS: 'none',
};

interface Samples {
  readonly mib: number[];
  readonly sockets: number[];
}

const soak = async ({ pdp, environment, ask }: Stage, callers: number) => {
  const weather = weatherFrom(SEED);
  const samples: Samples = { mib: [], sockets: [] };
  const gots = new Map<string, number>();
  const unfounded: unknown[] = [];
  const endsAt = performance.now() + SECONDS * 1000;
  let asked = 0;
  const caller = async (): Promise<void> => {
    while (asked < REQUESTS && (performance.now() < endsAt || asked < LEAST_REQUESTS)) {
      asked += 1;
      pdp.otherwise(weather.next());
      const { gets, effect, context } = await ask();
      gots.set(gets, (gots.get(gets) ?? 0) + 1);
      if (effect === 'Allow' && !weather.permitted(context['correlationId'])) unfounded.push(context);
      if (asked % SAMPLE_EVERY !== 0) continue;
      samples.mib.push(residentMiB(environment.pid));
      samples.sockets.push(socketCount(environment.pid));
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { samples, gots, unfounded, asked };
};

/** From the last fault, with the breaker open, to the first permit. */
const recover = async ({ pdp, ask }: Stage): Promise<void> => {
  pdp.otherwise({ kind: 'reply', status: 500 });
  while ((await ask()).gets !== 'CIRCUIT_OPEN');
  const lastFaultAt = performance.now();
  pdp.otherwise({ kind: 'permit' });
  while ((await ask()).gets !== 'PERMIT') {
    if (performance.now() - lastFaultAt > GIVE_UP_MS)
      throw new Error(`no permit within ${GIVE_UP_MS} ms of the last fault`);
  }
};

describe.concurrent(`the soak, SOAK_SEED=${SEED}`, () => {
  it.for([
    ['one at a time, Node 24', 24, undefined],
    ['eight at once (managed instance), Node 22', 22, 8],
    ['eight at once (managed instance), Node 24', 24, 8],
  ] as const)(
    '%s: no permit without a permit reply, memory and sockets flat, and permits again once PingOne is well',
    { timeout: (SECONDS + 120) * 1000 },
    async ([, node, maxConcurrency], { setStage }) => {
      const stage = await setStage({
        env: ENV,
        pdp: { rememberCalls: false },
        lambda: {
          node: NODES[node],
          // A leak would meet this ceiling and end the process; the resident size alone also shows what the collector has not got to.
          nodeArguments: ['--max-semi-space-size=2', '--max-old-space-size=64'],
          ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
        },
      });
      const atRest = socketCount(stage.environment.pid);
      const { samples, gots, unfounded, asked } = await soak(stage, maxConcurrency ?? 1);
      await recover(stage);

      expect(unfounded).toEqual([]);
      // The soak's limits are so short that a busy machine alone can miss one: what counts is that permits flow again.
      await vi.waitFor(async () => expect(await stage.asks(20)).toEqual(Array(20).fill('PERMIT')), GIVE_UP_MS);

      expect(asked).toBeGreaterThanOrEqual(LEAST_REQUESTS);
      const known = [...gots.keys()].filter(code => /^(?:Runtime|Sandbox)\.|^INTERNAL$/.test(code));
      expect(known).toEqual([]);
      for (const code of ['PERMIT', 'POLICY_DENIED', 'PDP_TIMEOUT', 'PDP_BAD_REPLY', 'PDP_ERROR', 'CIRCUIT_OPEN'])
        expect(gots.get(code), code).toBeGreaterThan(0);

      const quarter = Math.floor(samples.mib.length / 4);
      expect(median(samples.mib.slice(-quarter)) - median(samples.mib.slice(quarter, 2 * quarter))).toBeLessThan(
        GROWTH_MIB,
      );
      expect(Math.max(...samples.sockets)).toBeLessThanOrEqual(atRest + MAX_SOCKETS + (maxConcurrency ?? 1));
      await stage.pdp.open(Math.min(stage.pdp.connections.open, MAX_SOCKETS));
      expect(stage.pdp.connections.open).toBeLessThanOrEqual(MAX_SOCKETS);
      expect(stage.pdp.violations).toEqual([]);
    },
  );
});
