/** A fake PDP and the authorizer in front of it, for stories of several requests; both end with the test. */
import { test, vi } from 'vitest';
import type { Environment, EnvironmentOptions } from '../../local/lambda/environment.ts';
import { restEvent } from '../support/events.ts';
import { type FakePdp, type FakePdpOptions, startFakePdp } from '../support/fake-pdp.ts';
import { type Answer, answerOf, recordsOf } from './answers.ts';
import { startAuthorizer } from './authorizer-environment.ts';

export interface StageOptions {
  readonly pdp?: FakePdpOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly lambda?: Partial<EnvironmentOptions>;
}

export interface Stage {
  readonly pdp: FakePdp;
  readonly environment: Environment;
  /** One request, answered. */
  readonly ask: () => Promise<Answer>;
  /** So many requests, one after the other: what each got. */
  readonly asks: (times: number) => Promise<readonly string[]>;
  /** Freezes when nothing is going on, as Lambda does, and thaws after so long. */
  readonly frozenFor: (ms: number) => Promise<void>;
  /** The records with this message, once there are so many. */
  readonly records: (message: string, count: number) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

type Close = () => Promise<void>;

const setUp = async ({ pdp: pdpOptions, env, lambda }: StageOptions, closers: Close[]): Promise<Stage> => {
  const pdp = await startFakePdp({ otherwise: { kind: 'permit' }, ...pdpOptions });
  closers.push(pdp.close);
  const environment = await startAuthorizer({ PINGONE_SERVICE_URL: pdp.url, ...env }, lambda);
  closers.push(environment.close);
  const ask = async (): Promise<Answer> => answerOf(await environment.invoke(restEvent()));
  return {
    pdp,
    environment,
    ask,
    asks: async times => {
      const got: string[] = [];
      for (let left = times; left > 0; left -= 1) got.push((await ask()).gets);
      return got;
    },
    frozenFor: async ms => {
      await environment.idle();
      environment.freeze();
      await new Promise(resolve => setTimeout(resolve, ms));
      environment.thaw();
    },
    records: (message, count) =>
      vi.waitFor(() => {
        const records = recordsOf(environment.lines, message);
        if (records.length < count) throw new Error(`${records.length} of ${count} "${message}" records are there`);
        return records;
      }, 5000),
  };
};

/** `it` with a stage that is cleared when the test ends, also where tests run beside each other. */
export const it = test.extend<{ readonly setStage: (options?: StageOptions) => Promise<Stage> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from its destructured parameter.
  setStage: async ({}, use) => {
    const closers: Close[] = [];
    await use((options = {}) => setUp(options, closers));
    await Promise.all(closers.map(close => close()));
  },
});
