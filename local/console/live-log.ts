/** The authorizer's JSON lines as one compact line per decision, with breaker and credential events in between. */
import { isRecord, parseJson } from '../loopback.ts';
import type { Ink } from './ink.ts';

export type LiveLog = {
  /** Takes a line that a function wrote. */
  readonly line: (line: string) => void;
  /** Takes something that the emulator itself has to say. */
  readonly note: (text: string) => void;
  readonly header: () => void;
};

export type LiveLogOptions = {
  readonly write: (text: string) => void;
  readonly ink: Ink;
  /** `GET /dev/orders/7` for an API Gateway request id. */
  readonly requestOf: (requestId: string) => string | undefined;
  readonly now: () => Date;
};

type Fields = Readonly<Record<string, unknown>>;

const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const milliseconds = (value: unknown): string => (typeof value === 'number' ? value.toFixed(1) : '');

const columns = (cells: readonly string[]): string => {
  const [
    time = '',
    effect = '',
    reason = '',
    status = '',
    ms = '',
    pdp = '',
    attempts = '',
    breaker = '',
    request = '',
  ] = cells;
  const left = `${time.padEnd(8)}  ${effect.padEnd(6)}  ${reason.padEnd(22)}  ${status.padStart(6)}`;
  return `  ${left}  ${ms.padStart(8)}  ${pdp.padStart(9)}  ${attempts.padStart(8)}  ${breaker.padEnd(9)}  ${request}`.trimEnd();
};

const HEADER = ['time', 'effect', 'reason code', 'status', 'ms', 'of it PDP', 'attempts', 'breaker', 'request'];

/** Everything of an event but what every line has. */
const detail = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([name, value]) => !['level', 'timestamp', 'message'].includes(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : word(value)}`)
    .join(' ');

export const createLiveLog = ({ write, ink, requestOf, now }: LiveLogOptions): LiveLog => {
  const time = (): string => now().toTimeString().slice(0, 8);

  const decision = (fields: Fields): string => {
    const permit = fields['effect'] === 'permit';
    const request = requestOf(word(fields['requestId'])) ?? word(fields['route']);
    const text = columns([
      time(),
      word(fields['effect']),
      word(fields['reasonCode']),
      permit ? '' : word(fields['status']),
      milliseconds(fields['durationMs']),
      milliseconds(fields['pdpMs']),
      word(fields['attempts']),
      word(fields['breaker']),
      request,
    ]);
    if (permit) return ink.green(text);
    return fields['reason'] === undefined ? ink.yellow(text) : ink.red(text);
  };

  const note = (text: string): void => write(`  ${ink.dim(time())}  ${ink.cyan(text)}`);

  const line = (raw: string): void => {
    const fields = parseJson(raw);
    if (isRecord(fields) && fields['message'] === 'decision') write(decision(fields));
    else if (isRecord(fields) && typeof fields['message'] === 'string') note(`${fields['message']}: ${detail(fields)}`);
    // A thrown `Unauthorized` is how a function asks for a 401; the runtime logs it as an error with its stack.
    else if (!raw.includes('"errorMessage":"Unauthorized"')) write(`  ${ink.dim(raw)}`);
  };

  return { line, note, header: () => write(ink.dim(columns(HEADER))) };
};
