/** JSON lines on stdout, one a record, whatever Lambda's log format is set to. */
import type { LoadedConfig, LogLevel } from '../config/configuration.ts';

export type RecordLevel = Exclude<LogLevel, 'SILENT'>;

export interface Log {
  /** Whether a record of this level is written. */
  readonly writes: (level: RecordLevel) => boolean;
  /** Writes one record if its level is enabled; never throws. */
  readonly record: (level: RecordLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Writes a line as it is; never throws. */
  readonly raw: (fields: Readonly<Record<string, unknown>>) => void;
}

/** Takes one line without its end. */
export type WriteLine = (line: string) => void;

/** A log that drops what is below `min`. */
export const openLog = (min: LogLevel, write: WriteLine, now: () => number): Log => {
  const raw = (fields: Readonly<Record<string, unknown>>): void => {
    try {
      write(JSON.stringify(fields));
    } catch {
      // Telemetry never changes a decision: what cannot be written is lost.
    }
  };
  const writes = (level: RecordLevel): boolean => SEVERITY[level] >= SEVERITY[min];
  return Object.freeze({
    writes,
    raw,
    record: (level: RecordLevel, message: string, fields: Readonly<Record<string, unknown>>) => {
      if (writes(level)) raw({ level, timestamp: new Date(now()).toISOString(), message, ...fields });
    },
  });
};

const SEVERITY: Readonly<Record<LogLevel, number>> = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, SILENT: 100 };

/** Says at init what is wrong with the configuration, and what only looks wrong: one line for each. */
export const logConfiguration = (log: Log, config: LoadedConfig): void => {
  if (!config.valid) {
    log.record('ERROR', 'configuration', { reasonCode: 'CONFIG_INVALID', problems: config.problems });
  }
  if (config.warnings.length > 0) log.record('WARN', 'configuration', { warnings: config.warnings });
};

/** What is used of stdout. Node's own type for it would make users of the library need Node's types. */
export interface LineStream {
  on(event: 'error', listener: () => void): unknown;
  write(text: string): unknown;
}

/** `console.log` would be wrapped by Lambda's JSON format, which CloudWatch's metric extraction does not survive. */
export const stdoutLine = (stream: LineStream = process.stdout): WriteLine => {
  // A reader that went away must cost a log line, not the process.
  stream.on('error', () => undefined);
  return line => {
    stream.write(`${line}\n`);
  };
};
