/** Decision -> the flat map of scalars that API Gateway hands to gateway responses, mappings and access logs. */
import type { Decision, Permit } from '../domain/decision.ts';
import { headerValues } from '../domain/request.ts';

export type AuthorizerContext = Readonly<Record<string, string>>;

const LONGEST_REASON = 256;
const LONGEST_CHALLENGE = 1024;
const LONGEST_BODY = 2048;
const LONGEST_ID = 256;

const ASCII = /^[\x20-\x7e]*$/;
/** Printable ASCII, and letters of any script. */
const HEADER_TEXT = /^[\x20-\x7e\p{L}\p{M}]*$/u;

/** What is safe as it is, which is nearly all: the long way costs more than the rest of a refusal. */
const SAFE = /^[\x21\x23-\x5b\x5d-\x7e](?:[\x20\x21\x23-\x5b\x5d-\x7e]{0,254}[\x21\x23-\x5b\x5d-\x7e])?$/;

const madeSafe = (text: string): string =>
  text
    .slice(0, 4 * LONGEST_REASON)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/"/g, "'")
    .replace(/\\/g, '/')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim()
    .slice(0, LONGEST_REASON);

/**
 * Text that can be pasted between the quotes of a JSON string, which a gateway response's template does unescaped:
 * printable ASCII without quote and backslash, at most 256 characters.
 */
export const pasteable = (text: string): string => (SAFE.test(text) ? text : madeSafe(text));

/** The same JSON in ASCII: which characters a context value may hold is undocumented. */
const asciiJson = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** PingOne's body where it is short enough to be pasted into an answer. */
const pasteableBody = (body: string | undefined): AuthorizerContext => {
  const json = body === undefined || body.length > LONGEST_BODY ? '' : asciiJson(body);
  return json === '' || json.length > LONGEST_BODY ? {} : { body: json };
};

const pasteableChallenge = (challenge: string | undefined): AuthorizerContext =>
  challenge === undefined || challenge.length > LONGEST_CHALLENGE || !isHeaderText(challenge)
    ? {}
    : { wwwAuthenticate: challenge };

/** `X-User-Id` -> `hdr_x_user_id`. */
export const contextKeyOf = (headerName: string): string => `hdr_${headerName.toLowerCase().replaceAll('-', '_')}`;

const isControl = (byte: number): boolean => byte < 0x20 || (byte >= 0x7f && byte < 0xa0);

const hasControlInLowByte = (text: string): boolean =>
  text.split('').some(unit => isControl(unit.charCodeAt(0) & 0xff));

/**
 * Whether a text stays one header value however it is written down: software that keeps the low byte of each character
 * would make a line feed of U+010A.
 */
const isHeaderText = (text: string): boolean =>
  ASCII.test(text) || (HEADER_TEXT.test(text) && !hasControlInLowByte(text));

/** The final value for the backend. One that is no header text is passed on as none, like one that nobody sent. */
const finalValue = (permit: Permit, name: string): string => {
  const value = headerValues(permit.headers, name).join(', ');
  return isHeaderText(value) ? value : '';
};

const exportedHeaders = (permit: Permit, names: readonly string[]): AuthorizerContext =>
  Object.fromEntries(names.map(name => [contextKeyOf(name), finalValue(permit, name)]));

/** Ids that a caller of the API can quote to its operator. */
export interface ContextIds {
  /** Used where PingOne gave none. */
  readonly requestId: string;
  readonly traceId: string | undefined;
}

/** Builds the context. Every value is a string: an object or a null would make API Gateway answer 500. */
export const contextOf = (
  decision: Decision,
  forwardHeaders: readonly string[],
  ids: ContextIds,
): AuthorizerContext => {
  const correlationId = (decision.correlationId ?? ids.requestId).slice(0, LONGEST_ID);
  if (decision.effect === 'permit') {
    return { effect: 'permit', reasonCode: 'PERMIT', correlationId, ...exportedHeaders(decision, forwardHeaders) };
  }
  const { reasonCode, status, reason, challenge, body } = decision;
  return {
    effect: 'deny',
    reasonCode,
    reason: pasteable(reason) || reasonCode,
    status: String(status),
    correlationId,
    ...(ids.traceId === undefined ? {} : { traceId: ids.traceId }),
    ...pasteableChallenge(challenge),
    ...pasteableBody(body),
  };
};
