/** The course of an outage as a figure: outcomes and latency over time, breaker on above breaker off. */
import type { Line, LineFigure } from '../report/figure.ts';
import { ascending, percentile } from '../statistics.ts';

export const PHASES = ['is well', 'stalls', 'refuses', 'rate limits', 'is back'] as const;

export interface Phase {
  readonly name: (typeof PHASES)[number];
  /** ms since the load began. */
  readonly from: number;
  readonly to: number;
}

export interface Decided {
  /** ms since the load began, when the request was meant to start. */
  readonly at: number;
  /** From then to the answer, and the part of it inside the function. */
  readonly ms: number;
  readonly inside: number;
  readonly reason: string;
}

const BIN_MS = 200;

/** Outcomes in the order of their colours. */
const OUTCOMES: readonly (readonly [name: string, holds: (reason: string) => boolean])[] = [
  ['permitted', reason => reason === 'PERMIT'],
  ['refused at once, circuit open', reason => reason === 'CIRCUIT_OPEN'],
  ['failed after trying', reason => reason !== 'PERMIT' && reason !== 'CIRCUIT_OPEN'],
];

interface Course {
  readonly decided: readonly Decided[];
  readonly phases: readonly Phase[];
}

export const phaseOf = (phases: readonly Phase[], at: number): Phase | undefined =>
  phases.findLast(({ from }) => at >= from) ?? phases[0];

export const outcomeFigure = (on: Course, off: Course): LineFigure => ({
  kind: 'lines',
  title: 'An outage, with the breaker and without',
  caption:
    'Green was permitted, amber refused at once, red failed only after waiting for the service. With the breaker open nobody waits, and the service is left alone until a probe finds it well.',
  x: { name: 'seconds', min: 0 },
  spans: on.phases
    .filter(({ name }) => name !== 'is well' && name !== 'is back')
    .map(({ name, from, to }) => ({ name, from: from / 1000, to: to / 1000 })),
  panels: [
    {
      name: 'Breaker on',
      y: { name: 'answers / s', min: 0 },
      lines: outcomeLines(on.decided),
      stacked: true,
      outcomes: true,
    },
    {
      name: 'Breaker off',
      y: { name: 'answers / s', min: 0 },
      lines: outcomeLines(off.decided),
      stacked: true,
      outcomes: true,
    },
    {
      name: 'Median time inside the function',
      y: { name: 'ms', log: true, min: 0.01 },
      lines: [latencyLine('breaker on', on.decided, false), latencyLine('breaker off', off.decided, true)],
    },
  ],
});

function outcomeLines(decided: readonly Decided[]): readonly Line[] {
  return OUTCOMES.map(([name, holds]) => ({
    name,
    points: [...binned(decided)].map(([bin, members]) => ({
      x: bin / 1000,
      y: (members.filter(({ reason }) => holds(reason)).length * 1000) / BIN_MS,
    })),
  }));
}

function binned(decided: readonly Decided[]): ReadonlyMap<number, readonly Decided[]> {
  return Map.groupBy(decided, ({ at }) => Math.floor(at / BIN_MS) * BIN_MS);
}

function latencyLine(name: string, decided: readonly Decided[], dashed: boolean): Line {
  return {
    name,
    dashed,
    points: [...binned(decided)].map(([bin, members]) => ({
      x: bin / 1000,
      y: Math.max(0.01, percentile(ascending(members.map(({ inside }) => inside)), 0.5)),
    })),
  };
}
