/** One compact line per decision with the timings of its spans, for a terminal; any other line is none. */
import { isRecord, parseJson } from '../loopback.ts';

const ms = (value: number): string => `${value.toFixed(1)} ms`;

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** `authorize 3.1 ms > POST 2.4 ms`: the request's span, and the calls to PingOne within it. */
export const spanTimings = (decision: Readonly<Record<string, unknown>>): string => {
  const [whole, calls] = [numberOf(decision['durationMs']), numberOf(decision['pdpMs'])];
  const attempts = numberOf(decision['attempts']) ?? 0;
  if (whole === undefined) return '';
  if (calls === undefined || attempts === 0) return `authorize ${ms(whole)}`;
  return `authorize ${ms(whole)} > ${attempts > 1 ? `${attempts} x ` : ''}POST ${ms(calls)}`;
};

/** The line for a decision's log line. */
export const compactLine = (text: string): string | undefined => {
  const fields = parseJson(text);
  if (!isRecord(fields) || fields['message'] !== 'decision') return undefined;
  const { effect, reasonCode, route, traceId } = fields;
  const parts = [String(effect).padEnd(6), String(reasonCode).padEnd(22), spanTimings(fields).padEnd(38)];
  const known = [route, traceId].filter(value => typeof value === 'string');
  return [...parts, ...known].join('  ').trimEnd();
};
