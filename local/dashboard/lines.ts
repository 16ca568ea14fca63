/** The lines of the charts, one value for each period, and the colour that each name has everywhere on the page. */
import type { ReasonCode } from '../../src/domain/errors.ts';

/** One decision of the run. */
export type Decision = {
  /** ms since 1970. */
  readonly at: number;
  readonly functionName: string;
  readonly kind: string;
  readonly route: string;
  readonly reasonCode: string;
  readonly outcome: 'permit' | 'policy' | 'fault';
  readonly durationMs: number;
  /** Undefined if PingOne was not called. */
  readonly pdpMs: number | undefined;
  readonly attempts: number;
};

export type Line = {
  readonly label: string;
  readonly color: string;
  /** A null is a gap: there was nothing to measure. */
  readonly values: readonly (number | null)[];
};

type Periods = readonly (readonly Decision[])[];

/** The colour of a reason in every chart and in the table. They are distinct on a light and on a dark page. */
const COLORS: Readonly<Record<ReasonCode | 'PERMIT', string>> = {
  PERMIT: '#2f9e5b',
  POLICY_DENIED: '#e08a1e',
  UNAUTHENTICATED: '#c9a400',
  STEP_UP_REQUIRED: '#8f7f4f',
  INVALID_REQUEST: '#8a93a0',
  CONFIG_INVALID: '#b0527a',
  CREDENTIAL_UNAVAILABLE: '#9b5de5',
  CREDENTIAL_REFUSED: '#6f42c1',
  PDP_TIMEOUT: '#d6336c',
  PDP_UNREACHABLE: '#e03131',
  CIRCUIT_OPEN: '#3b82c4',
  PDP_RATE_LIMITED: '#0ca5b0',
  PDP_ERROR: '#a8442a',
  PDP_REJECTED: '#c2703d',
  PDP_BAD_REPLY: '#7d8f2a',
  UNAPPLIED_CHANGES: '#4c9a8b',
  INTERNAL: '#f06595',
};
const OUTCOMES = [
  ['permit', 'Permitted', COLORS.PERMIT],
  ['policy', 'Denied by PingOne', COLORS.POLICY_DENIED],
  ['fault', 'Failed closed', COLORS.PDP_UNREACHABLE],
] as const;
const NEUTRAL = '#8a93a0';

/** How the decisions ended. */
export const outcomeLines = (periods: Periods): readonly Line[] =>
  OUTCOMES.flatMap(([outcome, label, color]) =>
    counted(label, color, periods, decisions => decisions.filter(each => each.outcome === outcome).length),
  );

/** The denials by reason. */
export const reasonLines = (periods: Periods): readonly Line[] => {
  const denials = periods.map(decisions => decisions.filter(({ outcome }) => outcome !== 'permit'));
  const reasons = new Set(denials.flat().map(({ reasonCode }) => reasonCode));
  return [...reasons]
    .toSorted()
    .flatMap(reason =>
      counted(reason, colorOf(reason), denials, each => each.filter(({ reasonCode }) => reasonCode === reason).length),
    );
};

/** How long decisions took, in ms. */
export const timeLines = (periods: Periods): readonly Line[] =>
  [
    measured('Whole decision, p50', '#3b82c4', periods, 50, ({ durationMs }) => durationMs),
    measured('Whole decision, p99', '#9b5de5', periods, 99, ({ durationMs }) => durationMs),
    measured("PingOne's part, p50", '#0ca5b0', periods, 50, ({ pdpMs }) => pdpMs),
  ].filter(({ values }) => values.some(value => value !== null));

/** What decisions cost in calls to PingOne. */
export const pingOneLines = (periods: Periods): readonly Line[] => [
  ...counted('First calls', '#3b82c4', periods, decisions => decisions.filter(({ attempts }) => attempts > 0).length),
  ...counted('Further calls', '#e08a1e', periods, decisions =>
    decisions.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
  ),
  ...counted(
    'Denied without a call',
    NEUTRAL,
    periods,
    decisions => decisions.filter(({ attempts, outcome }) => attempts === 0 && outcome !== 'permit').length,
  ),
];

export const colorOf = (reasonCode: string): string =>
  Object.entries(COLORS).find(([code]) => code === reasonCode)?.[1] ?? NEUTRAL;

/** The nearest-rank percentile of the values; undefined if there are none. */
export const percentile = (values: readonly number[], percent: number): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)];

/** One line, or none if it would be 0 throughout. */
function counted(
  label: string,
  color: string,
  periods: Periods,
  count: (decisions: readonly Decision[]) => number,
): readonly Line[] {
  const values = periods.map(count);
  return values.some(value => value > 0) ? [{ label, color, values }] : [];
}

function measured(
  label: string,
  color: string,
  periods: Periods,
  percent: number,
  measure: (decision: Decision) => number | undefined,
): Line {
  const values = periods.map(
    decisions =>
      percentile(
        decisions.map(measure).filter(value => value !== undefined),
        percent,
      ) ?? null,
  );
  return { label, color, values };
}
