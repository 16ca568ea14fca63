/** The rule of when spans are exported at all: by OpenTelemetry's own variables, and by nothing else. */
import { expect, it } from 'vitest';
import { spanExport, untraced } from '../../../src/telemetry/telemetry.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

it.each([
  [{}, 'none'],
  [{ OTEL_SERVICE_NAME: 'shop' }, 'none'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'none'],
  [ENDPOINT, 'otlp'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }, 'otlp'],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'otlp'],
  [{ OTEL_TRACES_EXPORTER: ' console ' }, 'console'],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, 'none'],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'zipkin' }, 'unknown'],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'zipkin', OTEL_SDK_DISABLED: 'true' }, 'none'],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, 'none'],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'false' }, 'otlp'],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: '1' }, 'otlp'],
])('%j exports to: %s', (otel, where) => expect(spanExport(otel)).toBe(where));

it('what is not traced is the very same function, and init waits for nothing', async () => {
  const part = (): Promise<never> => Promise.reject(new Error('not called'));
  expect([untraced.authorize(part), untraced.pdp(part), untraced.send(part)]).toEqual([part, part, part]);
  expect(untraced.answered()).toBeUndefined();
  await untraced.ready;
});
