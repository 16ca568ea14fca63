/** An OpenTelemetry collector on loopback that takes OTLP/JSON, and can hang, be slow, refuse or answer an error. */
import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listenOnLoopback, parseJson, readBody } from '../../local/loopback.ts';
import { readTraces, type Span } from './otlp.ts';

export type Mood =
  | { readonly kind: 'takes' }
  /** Reads the request and never answers. */
  | { readonly kind: 'hangs' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'answers'; readonly status: number };

export interface Collector {
  /** The value of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** What was taken, in order. */
  readonly spans: readonly Span[];
  /** Every request as it came, also those that were not taken. */
  readonly bodies: readonly string[];
  readonly headers: readonly Readonly<Record<string, unknown>>[];
  /** How many of them it has answered. */
  readonly answered: number;
  /** What came that is no OTLP/JSON. */
  readonly violations: readonly string[];
  become(mood: Mood): void;
  /** Refuses connections from now on. */
  stop(): Promise<void>;
}

/** Starts one; it ends with the test. */
export const startCollector = async (first: Mood = { kind: 'takes' }): Promise<Collector> => {
  const spans: Span[] = [];
  const bodies: string[] = [];
  const headers: Readonly<Record<string, unknown>>[] = [];
  const violations: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let mood = first;
  let answered = 0;

  const answer = (response: ServerResponse, status: number): void => {
    answered += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end('{}');
  };

  const take = (body: string, path: string | undefined, type: string | undefined): void => {
    try {
      if (path !== '/v1/traces' || type !== 'application/json') throw new Error(`${path} with ${type}`);
      spans.push(...readTraces(parseJson(body)));
    } catch (error) {
      violations.push(String(error));
    }
  };

  const server = await listenOnLoopback((request, response) => {
    readBody(request).then(
      bytes => {
        const body = bytes?.toString() ?? '';
        bodies.push(body);
        headers.push(request.headers);
        if (mood.kind === 'hangs') return;
        if (mood.kind === 'answers') {
          answer(response, mood.status);
          return;
        }
        take(body, request.url, request.headers['content-type']);
        if (mood.kind === 'slow') timers.add(setTimeout(() => answer(response, 200), mood.ms));
        else answer(response, 200);
      },
      () => response.destroy(),
    );
  });
  const stop = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    await server.close();
  };
  onTestFinished(stop);
  return {
    url: server.origin,
    spans,
    bodies,
    headers,
    get answered() {
      return answered;
    },
    violations,
    become: next => {
      mood = next;
    },
    stop,
  };
};
