/** The dashboard of a local run: a page on loopback that is redrawn as the functions write log lines. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { splitTarget } from '../gateway/request.ts';
import { listenOnLoopback } from '../loopback.ts';
import { openRun, PERIOD_MS } from './run.ts';

/** Lines that arrive within this time are drawn together. */
const GATHER_MS = 250;
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // echarts sets styles on the elements that it makes.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'",
};

export type Dashboard = {
  readonly url: string;
  /** Takes every line that a function writes. Lines that are no decisions change nothing. */
  readonly line: (text: string) => void;
  readonly close: () => Promise<void>;
};

/** Starts the page on any free port. */
export const startDashboard = async (): Promise<Dashboard> => {
  let script: Promise<string> | undefined;
  const files: Readonly<Record<string, readonly [type: string, body: () => Promise<string>]>> = {
    '/': ['text/html', () => readFile(file('./page.html'), 'utf8')],
    // Only for whoever opens the page: bundling takes as long as all else that is started.
    '/page.js': ['text/javascript', () => (script ??= bundled())],
    '/page.css': ['text/css', () => readFile(file('./page.css'), 'utf8')],
  };
  const run = openRun(Date.now());
  const listeners = new Map<ServerResponse, string | undefined>();
  let gathering: NodeJS.Timeout | undefined;

  const send = (response: ServerResponse, functionName: string | undefined): void => {
    response.write(`data: ${JSON.stringify(run.update(functionName, Date.now()))}\n\n`);
  };
  const sendAll = (): void => {
    gathering = undefined;
    for (const [response, functionName] of listeners) send(response, functionName);
  };
  const server = await listenOnLoopback((request, response) => {
    const { path, query } = splitTarget(request.url ?? '/');
    if (path === '/events') {
      const functionName = new URLSearchParams(query).get('function') || undefined;
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      listeners.set(response, functionName);
      response.once('close', () => listeners.delete(response));
      send(response, functionName);
      return;
    }
    const answer = (status: number, type: string, text: string): void => {
      response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
      response.end(text);
    };
    const [type, body] = (Object.hasOwn(files, path) ? files[path] : undefined) ?? [];
    if (type === undefined || body === undefined) {
      answer(404, 'text/plain', 'Not found');
      return;
    }
    body().then(
      text => answer(200, type, text),
      (error: unknown) => answer(500, 'text/plain', String(error)),
    );
  });
  // The time axis moves on even if nobody sends a request.
  const ticking = setInterval(sendAll, PERIOD_MS).unref();

  return {
    url: `${server.origin}/`,
    line: text => {
      run.take(text, Date.now());
      gathering ??= setTimeout(sendAll, GATHER_MS).unref();
    },
    close: async () => {
      clearInterval(ticking);
      clearTimeout(gathering);
      await server.close();
    },
  };
};

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file('./browser/page.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
