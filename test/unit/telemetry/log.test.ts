/** Rules of the log: one JSON line a record, and never an error. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { logConfiguration, openLog, stdoutLine } from '../../../src/telemetry/log.ts';

const NOW = Date.UTC(2026, 10, 22);
const linesOf = (): { lines: string[]; write: (line: string) => void } => {
  const lines: string[] = [];
  return { lines, write: line => lines.push(line) };
};

describe('a log', () => {
  it.each([
    ['DEBUG', 4],
    ['INFO', 3],
    ['WARN', 2],
    ['ERROR', 1],
    ['SILENT', 0],
  ] as const)('of level %s writes %i of four levels', (least, count) => {
    const { lines, write } = linesOf();
    const log = openLog(least, write, () => NOW);
    for (const level of ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const) {
      log.record(level, 'm', {});
      expect(log.writes(level)).toBe(lines.some(line => line.includes(level)));
    }
    expect(lines).toHaveLength(count);
  });

  it('writes a record as one line of JSON, what is undefined left out', () => {
    const { lines, write } = linesOf();
    openLog('INFO', write, () => NOW).record('INFO', 'decision', { a: 'b\n', c: undefined });
    expect(lines).toEqual(['{"level":"INFO","timestamp":"2026-11-22T00:00:00.000Z","message":"decision","a":"b\\n"}']);
  });

  it('writes raw lines at any level', () => {
    const { lines, write } = linesOf();
    openLog('SILENT', write, () => NOW).raw({ a: 1 });
    expect(lines).toEqual(['{"a":1}']);
  });

  it('loses what cannot be written, and goes on', () => {
    const broken = openLog(
      'INFO',
      () => {
        throw new Error('EPIPE');
      },
      () => NOW,
    );
    expect(() => broken.record('INFO', 'm', {})).not.toThrow();
    const { lines, write } = linesOf();
    const log = openLog('INFO', write, () => NOW);
    expect(() => log.record('INFO', 'm', { a: 1n })).not.toThrow();
    expect(lines).toEqual([]);
  });
});

describe('what is wrong with the configuration', () => {
  const said = (environment: Readonly<Record<string, string>>): unknown[] => {
    const { lines, write } = linesOf();
    logConfiguration(
      openLog('INFO', write, () => NOW),
      loadConfig(environment),
    );
    return lines.map((line): unknown => JSON.parse(line));
  };
  const required = { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c-1' };

  it('is one ERROR line, what only looks wrong one WARN line, and nothing is none', () => {
    expect(said(required)).toEqual([]);
    expect(said({ ...required, BREAKER_RESET: '1', PINGONE_RETRY: '1' })).toMatchObject([
      { level: 'WARN', message: 'configuration', warnings: [expect.any(String), expect.any(String)] },
    ]);
    expect(said({ BREAKER_RESET: '1', DEBUG: 'x' })).toMatchObject([
      { level: 'ERROR', message: 'configuration', reasonCode: 'CONFIG_INVALID', problems: { length: 3 } },
      { level: 'WARN', message: 'configuration', warnings: { length: 1 } },
    ]);
  });
});

describe('stdout', () => {
  it('gets each line whole, and its errors hurt nobody', async () => {
    const chunks: string[] = [];
    const stream = new Writable({
      write: (chunk, _, done) => {
        chunks.push(String(chunk));
        done(chunks.length > 1 ? new Error('EPIPE') : null);
      },
    });
    const write = stdoutLine(stream);
    write('a');
    write('b');
    await expect.poll(() => stream.errored).not.toBeNull();
    expect(chunks).toEqual(['a\n', 'b\n']);
    expect(() => write('c')).not.toThrow();
  });
});
