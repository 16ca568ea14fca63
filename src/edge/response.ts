/** Deny -> the response that CloudFront gives the client in the origin's place; total. */
import type { DenialAnswer, Deny } from '../domain/decision.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { type CloudFrontHeaders, headerMap } from './headers.ts';
import { isSendable, LARGEST_BYTES } from './limits.ts';

export interface GeneratedResponse {
  /** 300 to 599, as text. */
  readonly status: string;
  readonly headers: CloudFrontHeaders;
  readonly bodyEncoding?: 'text';
  readonly body?: string;
}

const JSON_TYPE: HeaderLine = ['Content-Type', 'application/json'];
/** Never sniffed as HTML. */
const PLAIN: HeaderLine = ['Content-Type', 'text/plain; charset=utf-8'];
const NO_STORE: HeaderLine = ['Cache-Control', 'no-store'];

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** PingOne's own status, but a denial must not look like a success: 2xx, and redirects to nowhere, are 403. */
const statusOf = ({ status }: DenialAnswer, headers: readonly HeaderLine[]): number => {
  if (status === undefined || status >= 400) return status ?? 403;
  return REDIRECTS.has(status) && headerValues(headers, 'location').length === 1 ? status : 403;
};

const response = (status: number, headers: readonly HeaderLine[], body: string | undefined): GeneratedResponse => ({
  status: String(status),
  headers: headerMap(headers),
  ...(body === undefined || body === '' ? {} : { bodyEncoding: 'text', body: body.toWellFormed() }),
});

/** Headers count as they go over the wire. */
const sizeOf = ({ headers, body = '' }: GeneratedResponse): number =>
  Object.values(headers)
    .flat()
    .reduce((bytes, { key, value }) => bytes + key.length + Buffer.byteLength(value) + 4, Buffer.byteLength(body));

const fits = (generated: GeneratedResponse): boolean => sizeOf(generated) <= LARGEST_BYTES;

/** What says why, where PingOne does not say it itself. */
const explanation = ({ reasonCode, reason }: Deny, correlationId: string): string =>
  JSON.stringify({ reasonCode, reason, correlationId });

/** PingOne's answer as it is; less of it where CloudFront would refuse it for its size. */
const fromPingOne = (denial: Deny, answer: DenialAnswer, correlationId: string): GeneratedResponse => {
  const headers = answer.headers.filter(isSendable);
  const status = statusOf(answer, headers);
  const untyped = answer.body !== undefined && answer.body !== '' && headerValues(headers, 'content-type').length === 0;
  const whole = response(
    status,
    untyped ? [...headers, denial.body === undefined ? PLAIN : JSON_TYPE] : headers,
    answer.body,
  );
  if (fits(whole)) return whole;
  const said = explanation({ ...denial, reason: denial.reason.slice(0, 256) }, correlationId);
  const others = headers.filter(([name]) => !/^content-/i.test(name));
  const shorter = response(status, [...others, JSON_TYPE], said);
  if (fits(shorter)) return shorter;
  const challenges = others.filter(([name, value]) => /^www-authenticate$/i.test(name) && value.length <= 1024);
  // Without its Location a redirect is none.
  return response(status < 400 ? 403 : status, [...challenges.slice(0, 8), JSON_TYPE], said);
};

/** The response to a denial. Ours says which it is and is never kept by a browser. */
export const responseTo = (denial: Deny, correlationId: string): GeneratedResponse =>
  denial.fromPdp && denial.answer !== undefined
    ? fromPingOne(denial, denial.answer, correlationId)
    : response(denial.status, [...challengeOf(denial), JSON_TYPE, NO_STORE], explanation(denial, correlationId));

function challengeOf({ challenge }: Deny): readonly HeaderLine[] {
  return challenge === undefined ? [] : [['WWW-Authenticate', challenge]];
}
