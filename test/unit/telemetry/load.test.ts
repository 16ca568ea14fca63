/** The rules of loading telemetry: nothing where it is off, and a word in the log where it cannot be on. */
import { expect, it } from 'vitest';
import { type Environment, loadConfig } from '../../../src/config.ts';
import { newCounts } from '../../../src/facts.ts';
import { loadTelemetry } from '../../../src/telemetry/load.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { untraced } from '../../../src/telemetry/telemetry.ts';
import { fakeClock } from '../fake-clock.ts';

const load = (environment: Environment) => {
  const config = loadConfig({
    PINGONE_SERVICE_URL: 'https://h.example/v1',
    PINGONE_GATEWAY_CREDENTIAL: 'c-1',
    ...environment,
  });
  if (!config.valid) throw new Error(config.problems.join());
  const clock = fakeClock();
  const lines: string[] = [];
  const log = openLog('INFO', line => lines.push(line), clock.now);
  return { loading: loadTelemetry(config, clock, log, newCounts()), lines };
};

it('is undefined where no spans are exported', () => {
  expect(load({})).toEqual({ loading: undefined, lines: [] });
});

it('is undefined where the exporter is not built in, and the log says so', () => {
  const { loading, lines } = load({ OTEL_TRACES_EXPORTER: 'zipkin' });
  expect(loading).toBeUndefined();
  expect(lines.map(line => JSON.parse(line))).toMatchObject([{ level: 'WARN', message: 'telemetry', state: 'off' }]);
});

it('gives what traces where spans are exported', async () => {
  const { loading, lines } = load({ OTEL_TRACES_EXPORTER: 'console' });
  const telemetry = await loading;
  const authorize = (): Promise<never> => Promise.reject(new Error('not called'));
  expect(telemetry?.authorize(authorize)).not.toBe(authorize);
  expect(telemetry).not.toBe(untraced);
  await telemetry?.ready;
  expect(lines).toEqual([]);
});
