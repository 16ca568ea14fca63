/** The global-fetch authorizer with OpenTelemetry as its guides show it for Lambda: flushed before the handler returns. */
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { RestEvent } from './exchange.ts';
import { decideByFetch } from './fetch-decision.ts';

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const tracer = trace.getTracer('control');

export const handler = (event: RestEvent) =>
  tracer.startActiveSpan('authorize', { kind: SpanKind.SERVER }, async span => {
    try {
      return await tracer.startActiveSpan('POST', { kind: SpanKind.CLIENT }, async call => {
        try {
          return await decideByFetch(event);
        } finally {
          call.end();
        }
      });
    } finally {
      span.end();
      await provider.forceFlush();
    }
  });
