/** How long each limit is in a row's environment: the one under test is short, all the others long, so that a wrong one shows. */
import type { Bound } from './fault.ts';

const SHORT_MS = 700;
/** A deadline covers more than a wait: the calls that the row counts must have been made by then, also on a busy machine. */
const SHORT_DEADLINE_MS = 1500;
/** An answer that a wrong limit ended comes after this; no machine is so busy that one that the right limit ended does. */
export const LONG_MS = 20_000;
/** Lambda's remaining time, and what the authorizer keeps back of it. */
const LAMBDA_MS = 1800;
const MARGIN_MS = 300;
/** The function's timeout: longer than what it is told of it, so that a busy machine does not end it for being late. */
export const FUNCTION_TIMEOUT_MS = 30_000;
/** What a hung secret store may cost where there is a last good credential. */
const STALE_FETCH_MS = 250;

const LIMITS = {
  connect: 'PINGONE_CONNECT_TIMEOUT_MS',
  attempt: 'PINGONE_REQUEST_TIMEOUT_MS',
  deadline: 'AUTHORIZER_DEADLINE_MS',
} as const satisfies Partial<Record<Bound, string>>;

/** The variable that sets the bound, where one does. */
export const variableOf = (bound: Bound): (typeof LIMITS)[keyof typeof LIMITS] | undefined =>
  bound === 'connect' || bound === 'attempt' || bound === 'deadline' ? LIMITS[bound] : undefined;

/** Every limit long, the bound's own short. */
export const limitsFor = (bound: Bound): Record<string, string> => {
  const long = Object.fromEntries(Object.values(LIMITS).map(name => [name, String(LONG_MS)]));
  const own = variableOf(bound);
  return own === undefined ? long : { ...long, [own]: String(bound === 'deadline' ? SHORT_DEADLINE_MS : SHORT_MS) };
};

/** What the function is told of its remaining time. */
export const remainingMs = (bound: Bound): number => (bound === 'lambda' ? LAMBDA_MS : FUNCTION_TIMEOUT_MS);

/** How long the answer takes at least, where it is the bound that ends it. */
export const expectedMs = (bound: Bound, attempts: number): number => {
  if (bound === 'at once') return 0;
  if (bound === 'lambda') return LAMBDA_MS - MARGIN_MS;
  if (bound === 'store') return STALE_FETCH_MS;
  if (bound === 'deadline') return SHORT_DEADLINE_MS;
  return bound === 'connect' ? SHORT_MS * attempts : SHORT_MS;
};
