/** serverless-offline as a process of its own: started on the pinned Node, awaited until ready, ended with all its children. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const READY = 'Server ready';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;

export type GatewayProcess = {
  /** Everything printed so far. */
  output(): string;
  stop(): Promise<void>;
};

export const startGatewayProcess = async (installation: string, serviceFolder: string): Promise<GatewayProcess> => {
  // Its own process group, so that nothing that it starts outlives it.
  const child = spawn(process.execPath, [path.join(installation, 'node_modules/osls/bin/serverless.js'), 'offline'], {
    cwd: serviceFolder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: serviceFolder, CI: '1', SLS_TELEMETRY_DISABLED: '1' },
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has gone already.
    }
  };
  const lastResort = (): void => signalGroup('SIGKILL');
  process.once('exit', lastResort);

  let printed = '';
  const ended = new Promise<void>(resolve => {
    child.once('error', error => {
      printed += error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const stop = async (): Promise<void> => {
    signalGroup('SIGTERM');
    const timer = setTimeout(lastResort, STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
    lastResort();
    process.off('exit', lastResort);
  };

  const ready = new Promise<boolean>(resolve => {
    const timer = setTimeout(() => resolve(false), START_TIMEOUT_MS);
    const settle = (up: boolean): void => {
      clearTimeout(timer);
      resolve(up);
    };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes(READY)) settle(true);
      });
    ended.then(
      () => settle(false),
      () => settle(false),
    );
  });
  if (!(await ready)) {
    await stop();
    throw new Error(`serverless-offline did not say "${READY}" within ${START_TIMEOUT_MS / 1000} s:\n${printed}`);
  }
  return { output: () => printed, stop };
};
