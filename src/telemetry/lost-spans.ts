/** Counts the spans that no collector took, and logs each outage once: when it begins and when it ends. */
import type { Counts } from '../domain/call.ts';
import type { Log } from './log.ts';

export interface Losses {
  /** Counts lost spans. `problem` is an error, or says in words why. */
  readonly lost: (spans: number, problem: unknown) => void;
  /** The collector takes spans again. */
  readonly recovered: () => void;
  /** The environment ends with these spans unexported. */
  readonly ended: (spans: number) => void;
}

/** The next decision's record takes the count along. */
export const losses = (counts: Pick<Counts, 'droppedSpans'>, log: Log): Losses => {
  let lostSpans = 0;
  return {
    lost: (spans, problem) => {
      counts.droppedSpans += spans;
      if (lostSpans === 0) log.record('WARN', 'telemetry', { state: 'losing', problem: named(problem) });
      lostSpans += spans;
    },
    recovered: () => {
      if (lostSpans > 0) log.record('INFO', 'telemetry', { state: 'recovered', lostSpans });
      lostSpans = 0;
    },
    ended: spans => {
      if (spans > 0) log.record('WARN', 'telemetry', { state: 'ended', lostSpans: lostSpans + spans });
    },
  };
};

/** An error by its code (an HTTP status, or Node's) or its class: its message may quote what the collector or a header said. */
function named(problem: unknown): string {
  if (!(problem instanceof Error)) return typeof problem === 'string' ? problem : 'unknown';
  return 'code' in problem && problem.code !== undefined ? String(problem.code) : problem.name;
}
