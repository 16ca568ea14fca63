/** A test's stage: the built zip in an execution environment, between a scripted PingOne and a collector. */
import { expect, onTestFinished } from 'vitest';
import type { Environment, EnvironmentOptions } from '../../local/lambda/environment.ts';
import { recordsOf } from '../fault/answers.ts';
import { startAuthorizer } from '../fault/authorizer-environment.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';
import { type Collector, type Mood, startCollector } from './collector.ts';
import type { Span } from './otlp.ts';

export interface Stage {
  readonly pdp: FakePdp;
  readonly collector: Collector;
  readonly environment: Environment;
}

export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly mood?: Mood;
  readonly script?: readonly Behaviour[];
  readonly otherwise?: Behaviour;
  readonly options?: Partial<EnvironmentOptions>;
}

/** Sets the stage; PingOne permits what no script says otherwise about. Everything ends with the test. */
export const setStage = async ({ env, mood, script, otherwise, options }: Setting = {}): Promise<Stage> => {
  const collector = await startCollector(mood);
  const pdp = await startFakePdp({ script: script ?? [], otherwise: otherwise ?? { kind: 'permit' } });
  onTestFinished(pdp.close);
  const variables = { PINGONE_SERVICE_URL: pdp.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env };
  const environment = await startAuthorizer(variables, options);
  onTestFinished(environment.close);
  return { pdp, collector, environment };
};

/** Waits for so many spans; more than that fails as well. */
export const spansOf = async ({ collector }: Pick<Stage, 'collector'>, count: number): Promise<readonly Span[]> => {
  await expect.poll(() => collector.spans.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  expect(collector.violations).toEqual([]);
  expect(collector.spans.map(({ name }) => name)).toHaveLength(count);
  return collector.spans;
};

/** Those spans by name; each must be there once. */
export const byName = (spans: readonly Span[], ...names: readonly string[]): readonly Span[] =>
  names.map(name => {
    const [span, ...others] = spans.filter(each => each.name === name);
    if (span === undefined || others.length > 0) throw new Error(`${others.length + 1} spans are called ${name}`);
    return span;
  });

/** The decision lines, once there are so many. */
export const decisionsOf = async (
  { environment }: Pick<Stage, 'environment'>,
  count: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  await expect.poll(() => recordsOf(environment.lines, 'decision').length).toBe(count);
  return recordsOf(environment.lines, 'decision');
};
