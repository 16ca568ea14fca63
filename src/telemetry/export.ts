/** OpenTelemetry's SDK set up for Lambda, and when it exports; a bundle file of its own, loaded when exporting is on. */
import { isMainThread } from 'node:worker_threads';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { ConsoleSpanExporter, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { AuthorizerConfig } from '../config/configuration.ts';
import type { Counts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { propagatorsOf } from '../lambda/trace-context.ts';
import { afterAnswers } from './after-answers.ts';
import { type BatchSettings, batchSettings, LONGEST_TIMER_MS } from './batch-settings.ts';
import { atMost } from './bounded-wait.ts';
import type { Log } from './log.ts';
import { losses } from './lost-spans.ts';
import { freezingSchedule, steadySchedule, tickMs } from './schedule.ts';
import { spanBuffer } from './span-buffer.ts';
import { spanExport, type Telemetry } from './telemetry.ts';
import { onTermination } from './termination.ts';
import { tracedAuthorize, tracedPdp, tracedSend } from './tracing.ts';

/** Starts tracing. Samplers, limits, resource, batches and exporter follow OpenTelemetry's environment variables. */
export const startTelemetry = (config: AuthorizerConfig, clock: Clock, log: Log, counts: Counts): Telemetry => {
  const { platform, transport, otel } = config;
  const settings = settingsOf(config);
  for (const problem of settings.problems) log.record('WARN', 'telemetry', { state: 'on', problem });
  const lossesOfEnvironment = losses(counts, log);
  const buffer = spanBuffer(exporterOf(config, settings), settings, clock, lossesOfEnvironment);
  const freezing = !platform.concurrent && platform.runtimeApi !== undefined;
  const schedule = freezing ? freezingSchedule(buffer, settings, clock) : steadySchedule(buffer, isMainThread);
  setInterval(schedule.tick, tickMs(settings.delayMs)).unref();
  if (platform.runtimeApi !== undefined) {
    onTermination(async () => {
      await atMost(LONGEST_FINISH_MS, buffer.drain(), clock);
      lossesOfEnvironment.ended(buffer.unexported());
    });
  }
  const provider = new NodeTracerProvider({ resource: resourceOf(config), spanProcessors: [buffer] });
  const tracer = provider.getTracer('pingone-lambda-authorizer');
  const propagators = propagatorsOf(otel['OTEL_PROPAGATORS']);
  return {
    authorize: authorize => {
      const traced = tracedAuthorize(tracer, propagators, platform.xrayHeader)(authorize);
      return visit => {
        schedule.began();
        return traced(visit);
      };
    },
    pdp: tracedPdp(tracer),
    send: tracedSend(tracer, propagators, transport.serviceUrl),
    ...afterAnswers(platform, 'pingone-authorizer-telemetry', schedule.afterAnswer, clock),
  };
};

/** Lambda kills 500 ms after SIGTERM, or 300 ms after it if there are external extensions too. */
const LONGEST_FINISH_MS = 280;

/** The console is no collector: each answer's spans are printed after it. */
function settingsOf({ otel }: AuthorizerConfig): BatchSettings {
  const settings = batchSettings(otel);
  return spanExport(otel) === 'console' ? { ...settings, delayMs: 0 } : settings;
}

/** The SDK's exporter reads the other `OTEL_EXPORTER_OTLP_*` variables by itself. */
function exporterOf({ otel }: AuthorizerConfig, { exportTimeoutMs }: BatchSettings): SpanExporter {
  if (spanExport(otel) === 'console') return new ConsoleSpanExporter();
  return new OTLPTraceExporter({ timeoutMillis: Math.min(exportTimeoutMs, LONGEST_TIMER_MS) });
}

function resourceOf({ platform }: AuthorizerConfig) {
  return resourceFromAttributes({
    'service.name': platform.functionName,
    'faas.name': platform.functionName,
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_lambda',
  }).merge(detectResources({ detectors: [envDetector] }));
}
