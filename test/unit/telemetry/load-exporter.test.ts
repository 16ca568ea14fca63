/** The rules of loading telemetry: nothing if it is off, and a word in the log if it cannot be on. */
import { expect, it } from 'vitest';
import type { Environment } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Visit } from '../../../src/corridor/port.ts';
import { newCounts } from '../../../src/domain/call.ts';
import { deny } from '../../../src/domain/decision.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import type { Post } from '../../../src/pdp/send.ts';
import { loadTelemetry } from '../../../src/telemetry/load-exporter.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { untraced } from '../../../src/telemetry/telemetry.ts';
import { restEvent } from '../../support/events.ts';
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

it('lets no request wait until it is loaded, and passes every call and its result through', async () => {
  const { telemetry, lines } = load({ OTEL_TRACES_EXPORTER: 'otlp' });
  expect(telemetry).not.toBe(untraced);
  const outcome = { decision: failClosed(undefined), request: undefined, unapplied: [], fault: undefined };
  const visits: Visit[] = [];
  const authorize = telemetry.authorize(async visit => {
    visits.push(visit);
    return outcome;
  });
  const early = authorize(visitOf(undefined));
  expect(visits).toHaveLength(1);
  expect(await early).toBe(outcome);
  telemetry.answered();
  await telemetry.ready;
  expect(await authorize(visitOf(undefined))).toBe(outcome);
  expect(visits.map(({ trace }) => typeof trace)).toEqual(['undefined', 'object']);
  telemetry.answered();
  expect(lines).toEqual([]);
});

it('traces no part of a request that began before it was loaded, and every part of those after it', async () => {
  const { telemetry } = load({ OTEL_TRACES_EXPORTER: 'otlp' });
  const posts: Post[] = [];
  const send = telemetry.send(async post => {
    posts.push(post);
    return { status: 200, headers: {}, body: undefined };
  });
  const traces: unknown[] = [];
  const pdp = telemetry.pdp(async (_request, call) => {
    traces.push(call.trace);
    await send({ body: '{}', credential: 'c-1', propagation: {} }, call);
    return deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
  });
  const request = readRequest(restEvent(), readEnvelope(restEvent()));
  const authorize = telemetry.authorize(async ({ facts, trace }) => {
    await telemetry.ready;
    const decision = await pdp(request, { signal: new AbortController().signal, facts, trace });
    return { decision, request, unapplied: [], fault: undefined };
  });
  await authorize(visitOf(restEvent()));
  await authorize(visitOf(restEvent()));
  expect(traces.map(trace => typeof trace)).toEqual(['undefined', 'object']);
  expect(posts.map(({ propagation }) => Object.keys(propagation))).toEqual([[], ['traceparent']]);
});
