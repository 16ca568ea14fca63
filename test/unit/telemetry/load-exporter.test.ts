/** The rules of loading telemetry: nothing if it is off, and a word in the log if it cannot be on. */
import { expect, it } from 'vitest';
import type { Environment } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Visit } from '../../../src/corridor/port.ts';
import { newCounts } from '../../../src/domain/call.ts';
import { loadTelemetry } from '../../../src/telemetry/load-exporter.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { untraced } from '../../../src/telemetry/telemetry.ts';
import { fakeClock } from '../fake-clock.ts';
import { visitOf } from '../visits.ts';

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
  return { telemetry: loadTelemetry(config, clock, log, newCounts()), lines };
};

it('is off if no spans are exported', () => {
  expect(load({})).toEqual({ telemetry: untraced, lines: [] });
});

it('is off if the exporter is not built in, and the log says so', () => {
  const { telemetry, lines } = load({ OTEL_TRACES_EXPORTER: 'zipkin' });
  expect(telemetry).toBe(untraced);
  expect(lines.map(line => JSON.parse(line))).toMatchObject([{ level: 'WARN', message: 'telemetry', state: 'off' }]);
});

it('lets the first calls wait until it is loaded, and passes every call and its result through', async () => {
  const { telemetry, lines } = load({ OTEL_TRACES_EXPORTER: 'otlp' });
  expect(telemetry).not.toBe(untraced);
  const outcome = { decision: failClosed(undefined), request: undefined, unapplied: [], fault: undefined };
  const visits: Visit[] = [];
  const authorize = telemetry.authorize(async visit => {
    visits.push(visit);
    return outcome;
  });
  const early = authorize(visitOf(undefined));
  expect(visits).toHaveLength(0);
  expect(await early).toBe(outcome);
  await telemetry.ready;
  expect(await authorize(visitOf(undefined))).toBe(outcome);
  expect(visits.map(({ trace }) => typeof trace)).toEqual(['object', 'object']);
  telemetry.answered();
  expect(lines).toEqual([]);
});
