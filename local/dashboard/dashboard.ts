/** The overview dashboard as a page on loopback, drawn from the log lines of the running functions as they come. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { splitTarget } from '../gateway/request.ts';
import { isRecord, listenOnLoopback, parseJson } from '../loopback.ts';
import { drawerOf, type Run } from './drawing.ts';
import type { LogLine } from './log-query.ts';
import { readOverview } from './overview.ts';
import { pageHtml } from './page.ts';
import { openSeriesStore, PERIOD_MS, WINDOW_MS } from './series.ts';
import type { Update } from './update.ts';

/** Many lines in a moment are drawn once. */
const GATHER_MS = 250;
const MOST_LINES = 20_000;

export type Dashboard = {
  readonly url: string;
  /** Takes every line that a function writes; what holds no metrics is passed over. */
  readonly line: (text: string) => void;
  readonly close: () => Promise<void>;
};

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const bundled = async (): Promise<string> => {
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
};

/** The last minutes of decisions, within a bound. */
const openLines = () => {
  let lines: { readonly at: number; readonly line: LogLine }[] = [];
  return {
    take: (line: LogLine, at: number): void => {
      lines.push({ at, line });
      if (lines.length > 2 * MOST_LINES) lines = lines.slice(-MOST_LINES);
    },
    since: (start: number): readonly LogLine[] => lines.filter(({ at }) => at >= start).map(({ line }) => line),
  };
};

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // echarts sets styles on the elements that it makes.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'",
};

/** Starts the page; any free port where none is named. */
export const startDashboard = async ({ port = 0 }: { readonly port?: number } = {}): Promise<Dashboard> => {
  const widgets = await readOverview();
  const drawers = widgets.flatMap((widget, index) =>
    widget.type === 'text' ? [] : [{ index, draw: drawerOf(widget) }],
  );
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', pageHtml(widgets)],
    '/page.js': ['text/javascript', await bundled()],
    '/page.css': ['text/css', await readFile(file('./page.css'), 'utf8')],
  };
  const store = openSeriesStore();
  const lines = openLines();
  const listeners = new Map<ServerResponse, string | undefined>();
  const functions = new Set<string>();
  const startedAt = Date.now();
  let decisions = 0;
  let gathering: NodeJS.Timeout | undefined;

  const updateFor = (functionName: string | undefined): Update => {
    const now = Date.now();
    const run: Run = { series: store.all(), lines: lines.since(now - WINDOW_MS), functionName, startedAt, now };
    const drawings = drawers.map(({ index, draw }) => ({ index, drawing: draw(run) }));
    return { decisions, functions: [...functions].toSorted(), drawings };
  };

  const tell = (response: ServerResponse, functionName: string | undefined): void => {
    response.write(`data: ${JSON.stringify(updateFor(functionName))}\n\n`);
  };

  const tellAll = (): void => {
    for (const [response, functionName] of listeners) tell(response, functionName);
  };

  const listen = (response: ServerResponse, functionName: string | undefined): void => {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    listeners.set(response, functionName);
    response.once('close', () => listeners.delete(response));
    tell(response, functionName);
  };

  const server = await listenOnLoopback((request, response) => {
    const { path, query } = splitTarget(request.url ?? '/');
    if (path === '/events') {
      listen(response, new URLSearchParams(query).get('function') || undefined);
      return;
    }
    const [type, body] = (Object.hasOwn(files, path) ? files[path] : undefined) ?? [];
    response.writeHead(body === undefined ? 404 : 200, {
      ...HEADERS,
      'content-type': `${type ?? 'text/plain'}; charset=utf-8`,
    });
    response.end(body ?? 'Not found');
  }, port);
  // Time passes on the page also while nobody asks for anything.
  const ticking = setInterval(tellAll, PERIOD_MS).unref();

  return {
    url: `${server.origin}/`,
    line: text => {
      const fields = text.startsWith('{') ? parseJson(text) : undefined;
      if (!isRecord(fields)) return;
      const now = Date.now();
      store.take(fields, now);
      if (typeof fields['FunctionName'] === 'string') functions.add(fields['FunctionName']);
      if (fields['message'] === 'decision') {
        decisions += 1;
        lines.take(fields, now);
      }
      gathering ??= setTimeout(() => {
        gathering = undefined;
        tellAll();
      }, GATHER_MS).unref();
    },
    close: async () => {
      clearInterval(ticking);
      clearTimeout(gathering);
      await server.close();
    },
  };
};
