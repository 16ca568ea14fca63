/** A child's stdout and stderr as lines, kept within a bound. */
import type { Readable } from 'node:stream';

const MAX_LINES = 10_000;
/** CloudWatch Logs cuts an event at 1 MiB. */
const MAX_LINE_CHARS = 1024 * 1024;

export type OutputStream = 'stdout' | 'stderr';

/** Appends to `lines` (the oldest are dropped first) and tells `onLine` of each. */
export const collectLines = (
  source: Readable,
  stream: OutputStream,
  lines: string[],
  onLine?: (line: string, stream: OutputStream) => void,
): void => {
  let partial = '';
  const emit = (line: string): void => {
    lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
    onLine?.(line, stream);
  };
  source.setEncoding('utf8');
  source.on('data', (chunk: string) => {
    const parts = (partial + chunk).split('\n');
    partial = (parts.pop() ?? '').slice(0, MAX_LINE_CHARS);
    for (const line of parts) emit(line);
  });
  source.on('end', () => {
    if (partial !== '') emit(partial);
  });
};
