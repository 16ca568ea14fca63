/** The rule that `npm start` leaves nothing behind, whichever of its processes a signal reaches. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DemoProcess, READY, runNpmStart } from './demo-process.ts';

type Process = { readonly pid: number; readonly parent: number };

/** Every process but zombies, which wait for nothing but their parent. */
const processes = (): readonly Process[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .flatMap(name => {
      const [, state, parent] = /\) (\S) (\d+)/.exec(readStat(name)) ?? [];
      return state === undefined || state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

const below = (root: number, all: readonly Process[]): readonly number[] =>
  all.filter(({ parent }) => parent === root).flatMap(({ pid }) => [pid, ...below(pid, all)]);

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const ports = (output: string): readonly number[] => [
  ...new Set([...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))),
];

const ENDS: readonly (readonly [how: string, end: (demo: DemoProcess) => void])[] = [
  ['SIGTERM to npm alone', ({ child }) => void child.kill('SIGTERM')],
  ['Ctrl-C, which reaches the whole process group', ({ child }) => void process.kill(-(child.pid ?? 0), 'SIGINT')],
  ['a terminal that is closed', ({ child }) => void process.kill(-(child.pid ?? 0), 'SIGHUP')],
];

describe('npm start', () => {
  it.each(ENDS)('ends with all its processes, ports and files at %s', async (_how, end) => {
    const temporary = await mkdtemp(join(tmpdir(), 'npm-start-'));
    const demo = runNpmStart({ PORT: '0', TMPDIR: temporary });
    await expect.poll(demo.output, { timeout: 25_000 }).toMatch(READY);
    const children = below(demo.child.pid ?? 0, processes());
    const open = ports(demo.output());
    // The demo itself and four functions; five servers.
    expect(children.length).toBeGreaterThanOrEqual(5);
    expect(open.length).toBeGreaterThanOrEqual(5);
    expect(readdirSync(temporary).filter(name => name.startsWith('lambda-task-root-'))).not.toEqual([]);

    end(demo);
    await demo.exited;
    const alive = (): readonly number[] => processes().flatMap(({ pid }) => (children.includes(pid) ? [pid] : []));
    await expect.poll(alive, { timeout: 5000 }).toEqual([]);
    expect(await Promise.all(open.map(listens))).toEqual(open.map(() => false));
    expect(readdirSync(temporary).filter(name => name !== 'node-compile-cache')).toEqual([]);
  });
});
