/** Runs `local/start.ts` as `npm start` does, and reads what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));

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

export const runDemo = (env: Readonly<Record<string, string>>): DemoProcess => {
  const child = spawn(process.execPath, [START], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return { child, output: () => output, exited: new Promise(resolve => child.once('close', resolve)) };
};

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
