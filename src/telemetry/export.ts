/** OpenTelemetry's SDK set up for Lambda, and when it exports; a bundle file of its own, loaded when exporting is on. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { ConsoleSpanExporter, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { AuthorizerConfig } from '../config/groups.ts';
import type { Counts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { propagatorsOf } from '../lambda/trace-context.ts';
import { startExtension } from './extension.ts';
import { type SpanBuffer, spanBuffer } from './span-buffer.ts';
import { spanExport, type Telemetry } from './telemetry.ts';
import { tracedAuthorize, tracedPdp, tracedSend } from './tracing.ts';

/** On managed instances, where nothing freezes and internal extensions get no events. */
const TIMER_MS = 1000;
/** A collector is near by; what takes longer is lost rather than waited for. `OTEL_EXPORTER_OTLP_TIMEOUT` overrides. */
const EXPORT_TIMEOUT_MS = 1000;

/** The SDK's exporter reads the other `OTEL_EXPORTER_OTLP_*` variables by itself. */
const exporterOf = ({ otel }: AuthorizerConfig): SpanExporter => {
  if (spanExport(otel) === 'console') return new ConsoleSpanExporter();
  const timeoutSet = otel['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] || otel['OTEL_EXPORTER_OTLP_TIMEOUT'];
  return new OTLPTraceExporter(timeoutSet ? {} : { timeoutMillis: EXPORT_TIMEOUT_MS });
};

const resourceOf = ({ platform }: AuthorizerConfig) =>
  resourceFromAttributes({
    'service.name': platform.functionName,
    'faas.name': platform.functionName,
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_lambda',
  }).merge(detectResources({ detectors: [envDetector] }));

type Schedule = Pick<Telemetry, 'answered' | 'ready'>;

const onTimer = (buffer: SpanBuffer): Schedule => {
  setInterval(() => void buffer.flush(), TIMER_MS).unref();
  return { answered: () => undefined, ready: Promise.resolve() };
};

/** When to export: after each answer on Lambda, by a timer where environments never freeze. */
const scheduleOf = ({ platform }: AuthorizerConfig, buffer: SpanBuffer, clock: Clock): Schedule =>
  platform.concurrent || platform.runtimeApi === undefined
    ? onTimer(buffer)
    : startExtension(platform.runtimeApi, buffer.flush, clock);

/** Starts tracing. Samplers, limits, resource and exporter follow OpenTelemetry's environment variables. */
export const startTelemetry = (config: AuthorizerConfig, clock: Clock, counts: Counts): Telemetry => {
  const buffer = spanBuffer(exporterOf(config), clock, spans => {
    counts.droppedSpans += spans;
  });
  const { answered, ready } = scheduleOf(config, buffer, clock);
  const provider = new NodeTracerProvider({ resource: resourceOf(config), spanProcessors: [buffer] });
  const tracer = provider.getTracer('pingone-lambda-authorizer');
  const propagators = propagatorsOf(config.otel['OTEL_PROPAGATORS']);
  return {
    authorize: tracedAuthorize(tracer, propagators, config.platform.xrayHeader),
    pdp: tracedPdp(tracer),
    send: tracedSend(tracer, propagators, config.transport.serviceUrl),
    answered,
    ready,
  };
};
