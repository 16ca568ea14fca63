/** Runs inside the function's process around the handler under test: times each call there, and tells what the process uses. */
import { writeFileSync } from 'node:fs';
import type { Session } from 'node:inspector/promises';
import { createRequire, flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What an invocation answers: the time inside the function, and what the handler answered or threw. */
export interface Probed {
  readonly ms: number;
  readonly answer?: unknown;
  readonly error?: string;
  /** Only if the event asked for it. */
  readonly use?: ProcessUse;
}

export interface ProcessUse {
  /** Since the process began. */
  readonly cpuMicroseconds: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly external: number;
  /** What keeps the event loop alive, by kind: sockets, timers. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Waits as Lambda would: an extension that is registered later is refused. */
const inner = await load(process.env['BENCH_TARGET'] ?? '');

let profiler: Session | undefined;

/** Every invocation reaches the handler, also those that ask the probe: the authorizer's extension waits for its answer. */
export const handler = async (event: unknown, context: unknown): Promise<Probed> => {
  const command = commandOf(event);
  if (command === 'flush-compile-cache') flushCompileCache();
  if (command === 'start-profile') await startProfile();
  if (command === 'stop-profile') await stopProfile();
  const started = performance.now();
  try {
    const answer = await inner(event, context);
    const ms = performance.now() - started;
    return command === 'use' ? { ms, answer, use: use() } : { ms, answer };
  } catch (error) {
    return { ms: performance.now() - started, error: String(error) };
  }
};

function use(): ProcessUse {
  globalThis.gc?.();
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss, external } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return { cpuMicroseconds: user + system, heapUsed, rss, external, resources };
}

async function load(target: string): Promise<Handler> {
  const loaded: { readonly handler: Handler } = target.endsWith('.mjs')
    ? await import(pathToFileURL(target).href)
    : createRequire(target)(target);
  return loaded.handler;
}

function commandOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'bench' in event ? event.bench : undefined;
}

/** The inspector is loaded only for this: a cold start must not pay for it. */
async function startProfile(): Promise<void> {
  const { Session } = await import('node:inspector/promises');
  profiler = new Session();
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.setSamplingInterval', { interval: 250 });
  await profiler.post('Profiler.start');
}

async function stopProfile(): Promise<void> {
  const stopped = await profiler?.post('Profiler.stop');
  writeFileSync(process.env['BENCH_PROFILE'] ?? '', JSON.stringify(stopped?.profile));
}
