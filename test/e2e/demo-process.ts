/** Runs `local/start.ts` as `npm start` does, and reads what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
/** The last words of the first screen. */
export const READY = /Ctrl-C ends everything/;

export type DemoProcess = {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
};

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });

const follow = (child: ChildProcess): DemoProcess => {
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return { child, output: () => output, exited: new Promise(resolve => child.once('close', resolve)) };
};

type Variables = Readonly<Record<string, string>>;

const environmentOf = (variables: Variables): Variables => ({
  PATH: process.env['PATH'] ?? '',
  TMPDIR: tmpdir(),
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  ...variables,
});

export const runDemo = (variables: Variables, ...options: readonly string[]): DemoProcess =>
  follow(spawn(process.execPath, [START, ...options], { env: environmentOf(variables) }));

/** The command itself, in a process group of its own, as a terminal starts it. */
export const runNpmStart = (variables: Variables): DemoProcess =>
  follow(spawn('npm', ['start'], { cwd: ROOT, env: environmentOf(variables), detached: true }));

export type PrintedRequest = { readonly shows: string; readonly expects: number; readonly curl: string };

/** The curl lines with the titles above them. */
export const printedRequests = (output: string): readonly PrintedRequest[] => {
  const lines = output.split('\n');
  return lines.flatMap((line, index) => {
    const title = /^ +\d+ {2}(.*?) {2,}(\d{3})$/.exec(lines[index - 1] ?? '');
    const curl = /^ +(curl .*)$/.exec(line)?.[1];
    return title === null || curl === undefined ? [] : [{ shows: title[1] ?? '', expects: Number(title[2]), curl }];
  });
};
