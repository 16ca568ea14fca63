/** What a process holds, as the kernel counts it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Resident memory in MiB. */
export const residentMiB = (pid: number): number => {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
};

const target = (link: string): string => {
  try {
    return readlinkSync(link);
  } catch {
    // Closed between being listed and being read.
    return '';
  }
};

/** Open sockets, whatever they are connected to. */
export const socketCount = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter(fd => target(`/proc/${pid}/fd/${fd}`).startsWith('socket:')).length;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
