/** The rules of OpenTelemetry's variables for batches: its names, its defaults but for two, and its way with what is wrong. */
import { describe, expect, it } from 'vitest';
import { batchSettings } from '../../../src/telemetry/batch-settings.ts';

const DEFAULTS = { delayMs: 1000, maxBatchSpans: 512, maxQueueSpans: 2048, exportTimeoutMs: 1000, problems: [] };

it('the defaults are OpenTelemetry’s own, but for a delay and a timeout of one second', () => {
  expect(batchSettings({})).toEqual(DEFAULTS);
});

it('each variable has its say', () => {
  expect(
    batchSettings({
      OTEL_BSP_SCHEDULE_DELAY: '5000',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '100',
      OTEL_BSP_MAX_QUEUE_SIZE: ' 200 ',
      OTEL_BSP_EXPORT_TIMEOUT: '300',
    }),
  ).toEqual({ delayMs: 5000, maxBatchSpans: 100, maxQueueSpans: 200, exportTimeoutMs: 300, problems: [] });
});

it('a batch is never larger than the queue', () => {
  expect(batchSettings({ OTEL_BSP_MAX_QUEUE_SIZE: '10' })).toMatchObject({ maxBatchSpans: 10, maxQueueSpans: 10 });
});

describe('the timeout of an export', () => {
  it.each([
    { otel: { OTEL_EXPORTER_OTLP_TIMEOUT: '400' }, timeoutMs: 400 },
    { otel: { OTEL_EXPORTER_OTLP_TIMEOUT: '400', OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '500' }, timeoutMs: 500 },
    { otel: { OTEL_EXPORTER_OTLP_TIMEOUT: '400', OTEL_BSP_EXPORT_TIMEOUT: '300' }, timeoutMs: 300 },
    { otel: { OTEL_EXPORTER_OTLP_TIMEOUT: '0' }, timeoutMs: 30_000 },
    { otel: { OTEL_EXPORTER_OTLP_TIMEOUT: '0', OTEL_BSP_EXPORT_TIMEOUT: '0' }, timeoutMs: Number.POSITIVE_INFINITY },
  ])('is the shorter of the batch’s and the exporter’s, and zero is no limit: $otel', ({ otel, timeoutMs }) => {
    expect(batchSettings(otel)).toEqual({ ...DEFAULTS, exportTimeoutMs: timeoutMs });
  });
});

describe('a value that cannot be used', () => {
  it.each([
    ['OTEL_BSP_SCHEDULE_DELAY', '-1'],
    ['OTEL_BSP_SCHEDULE_DELAY', '5s'],
    ['OTEL_BSP_SCHEDULE_DELAY', '1e3'],
    ['OTEL_BSP_SCHEDULE_DELAY', '2147483648'],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '0'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many'],
    ['OTEL_BSP_EXPORT_TIMEOUT', '1.5'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'NaN'],
  ])('is ignored, and the variable is named: %s=%s', (name, value) => {
    const { problems, ...settings } = batchSettings({ [name]: value });
    expect({ ...settings, problems: [] }).toEqual(DEFAULTS);
    expect(problems).toEqual([expect.stringMatching(`^${name} must be a whole number`)]);
  });

  it('is missing if it is empty', () => {
    expect(batchSettings({ OTEL_BSP_SCHEDULE_DELAY: ' ', OTEL_BSP_MAX_QUEUE_SIZE: '' })).toEqual(DEFAULTS);
  });
});
