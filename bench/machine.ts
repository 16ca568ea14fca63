/** What a run was measured on: numbers without it mean nothing. */
import { execFile } from 'node:child_process';
import { arch, cpus, loadavg, type as osType, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { NODES } from './bed/function.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  /** Load average over one minute, before and after. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly nodes: Readonly<Record<string, string>>;
  readonly commit: string;
  /** Files changed against that commit. */
  readonly uncommitted: number;
}

const run = promisify(execFile);

/** Looks at the machine; the function that it returns completes the record when the run is over. */
export const describeMachine = async (): Promise<() => Machine> => {
  const loadBefore = load();
  const [nodes, commit, changes] = await Promise.all([
    nodeVersions(),
    output('git', 'rev-parse', '--short', 'HEAD'),
    output('git', 'status', '--porcelain', '--', 'src', 'bench', 'local', 'package-lock.json'),
  ]);
  const [first] = cpus();
  return () => ({
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${osType()} ${release()} ${arch()}`,
    loadBefore,
    loadAfter: load(),
    nodes,
    commit,
    uncommitted: changes === '' ? 0 : changes.split('\n').length,
  });
};

function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

async function nodeVersions(): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(NODES).map(async ([name, path]) => [name, await output(path, '--version')]);
  return Object.fromEntries(await Promise.all(entries));
}

async function output(command: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args)).stdout.trim();
  } catch {
    return 'unknown';
  }
}
