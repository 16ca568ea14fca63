/** Deny -> the response that CloudFront gives the client in the origin's place; total. */
import type { DenialAnswer, Deny } from '../domain/decision.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { isSendable, LARGEST_BYTES } from './function-restrictions.ts';
import { type CloudFrontHeaders, headerMap } from './header-maps.ts';

export interface GeneratedResponse {
  /** 204, or 300 to 599, as text. */
  readonly status: string;
  readonly statusDescription?: string;
  readonly headers: CloudFrontHeaders;
  readonly bodyEncoding?: 'text';
  readonly body?: string;
}

/** What a response has to know of its request besides the denial. */
export interface Asked {
  readonly correlationId: string;
  /** HEAD gets no body. */
  readonly method: string | undefined;
  /** Status of PingOne's last reply to a call. */
  readonly pdpStatus: number | undefined;
  /** When it is worth while to try again, in ms; undefined if nobody knows. */
  readonly retryAfterMs: number | undefined;
  /** Makes headers readable for the script that asked. */
  readonly readable: (headers: readonly HeaderLine[]) => readonly HeaderLine[];
}

/** The response to a denial: PingOne's own as it is, ours if PingOne gave none. */
export const responseTo = (denial: Deny, asked: Asked): GeneratedResponse => {
  const generated =
    denial.answer === undefined
      ? response(faultStatus(denial, asked), headersOf(faultHeaders(denial, asked), asked), explanation(denial, asked))
      : fromPingOne(denial, denial.answer, asked);
  if (asked.method !== 'HEAD') return generated;
  const { body: _body, bodyEncoding: _encoding, ...head } = generated;
  return head;
};

/** Builds a response. An empty body is none, as a 204 must have none. */
export const response = (
  status: number,
  headers: readonly HeaderLine[],
  body = '',
  description = '',
): GeneratedResponse => ({
  status: String(status),
  ...(description === '' ? {} : { statusDescription: description }),
  headers: headerMap(headers),
  ...(body === '' ? {} : { bodyEncoding: 'text', body: body.toWellFormed() }),
});

const JSON_TYPE: HeaderLine = ['Content-Type', 'application/json'];
/** Never sniffed as HTML. */
const PLAIN: HeaderLine = ['Content-Type', 'text/plain; charset=utf-8'];
const NO_STORE: HeaderLine = ['Cache-Control', 'no-store'];
const CACHING = ['cache-control', 'expires', 'pragma'];

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const TOO_LARGE = 413;
/** Seconds, if PingOne limits the rate and does not say for how long. */
const SOON = 1;

/** PingOne's answer as it is; less of it if CloudFront would refuse it for its size. */
function fromPingOne(denial: Deny, answer: DenialAnswer, asked: Asked): GeneratedResponse {
  const headers = headersOf(answer.headers.filter(isSendable), asked);
  const status = statusOf(answer, headers);
  const described = (lines: readonly HeaderLine[], body: string | undefined, code = status) =>
    response(code, lines, body, code === answer.status ? descriptionOf(answer) : '');
  const untyped = answer.body !== undefined && answer.body !== '' && headerValues(headers, 'content-type').length === 0;
  const whole = described(untyped ? [...headers, denial.body === undefined ? PLAIN : JSON_TYPE] : headers, answer.body);
  if (fits(whole)) return whole;
  const said = explanation({ ...denial, reason: denial.reason.slice(0, 256) }, asked);
  const others = headers.filter(([name]) => !/^content-/i.test(name));
  const shorter = described([...others, JSON_TYPE], said);
  if (fits(shorter)) return shorter;
  const challenges = others.filter(([name, value]) => /^www-authenticate$/i.test(name) && value.length <= 1024);
  // Without its Location a redirect is none.
  return described(headersOf([...challenges.slice(0, 8), JSON_TYPE], asked), said, status < 400 ? 403 : status);
}

/** PingOne's own status, but a denial must not look like a success: 2xx, and redirects to nowhere, are 403. */
function statusOf({ status = 403 }: DenialAnswer, headers: readonly HeaderLine[]): number {
  const redirects = REDIRECTS.has(status) && headerValues(headers, 'location').length === 1;
  return status >= 400 || redirects ? status : 403;
}

/** PingOne's words for its status, as an HTTP/1.1 status line can hold them. */
function descriptionOf({ statusText = '' }: DenialAnswer): string {
  return statusText
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 128);
}

/** Our own status, but that of a request which PingOne finds too large: only the client can make it smaller. */
function faultStatus({ status, reasonCode }: Deny, { pdpStatus }: Asked): number {
  return reasonCode === 'PDP_REJECTED' && pdpStatus === TOO_LARGE ? TOO_LARGE : status;
}

function faultHeaders({ reasonCode, challenge }: Deny, { retryAfterMs }: Asked): readonly HeaderLine[] {
  const challenges: readonly HeaderLine[] = challenge === undefined ? [] : [['WWW-Authenticate', challenge]];
  const limited = reasonCode === 'PDP_RATE_LIMITED';
  if (!limited && (reasonCode !== 'CIRCUIT_OPEN' || retryAfterMs === undefined)) return [...challenges, JSON_TYPE];
  const seconds = retryAfterMs === undefined ? SOON : Math.max(SOON, Math.ceil(retryAfterMs / 1000));
  return [...challenges, JSON_TYPE, ['Retry-After', String(seconds)]];
}

/** Kept by no cache unless the answer says how it may be kept, and readable for the script that asked. */
function headersOf(headers: readonly HeaderLine[], { readable }: Asked): readonly HeaderLine[] {
  const cached = headers.some(([name]) => CACHING.includes(name.toLowerCase()));
  return readable(cached ? headers : [...headers, NO_STORE]);
}

/** What says why, if PingOne does not say it itself. */
function explanation({ reasonCode, reason }: Deny, { correlationId }: Asked): string {
  return JSON.stringify({ reasonCode, reason, correlationId });
}

function fits(generated: GeneratedResponse): boolean {
  return sizeOf(generated) <= LARGEST_BYTES;
}

/** Headers count as they go over the wire. */
function sizeOf({ headers, body = '' }: GeneratedResponse): number {
  return Object.values(headers)
    .flat()
    .reduce((bytes, { key, value }) => bytes + key.length + Buffer.byteLength(value) + 4, Buffer.byteLength(body));
}
