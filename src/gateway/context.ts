/** Decision -> the authorizer context: the map of strings that API Gateway gives to gateway responses, mappings and access logs. */
import type { Decision, Permit } from '../domain/decision.ts';
import { headerValues } from '../domain/request.ts';
import { plainId } from '../domain/request-id.ts';

export type AuthorizerContext = Readonly<Record<string, string>>;

const MAX_REASON = 256;
const MAX_CHALLENGE = 1024;
const MAX_BODY = 2048;
/** Printable ASCII, and letters of any script. */
const HEADER_TEXT = /^[\x20-\x7e\p{L}\p{M}]*$/u;
/** Text that is safe as it is. Nearly every text is, and making one safe costs more than the rest of a denial. */
const SAFE = /^(?! )[\x20\x21\x23-\x5b\x5d-\x7e]{0,256}(?<! )$/;

/** Ids that an API's client can quote to the API's operator. */
export interface ContextIds {
  /** The correlation id if PingOne gave none, as far as it can be pasted. */
  readonly requestId: string | undefined;
  readonly traceId: string | undefined;
}

/** Builds the context. Every value is a string, because API Gateway answers 500 for an object or a null. */
export const contextOf = (
  decision: Decision,
  forwardHeaders: readonly string[],
  ids: ContextIds,
): AuthorizerContext => {
  const correlationId = decision.correlationId ?? (plainId(ids.requestId) || 'unknown');
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

function exportedHeaders(permit: Permit, names: readonly string[]): AuthorizerContext {
  return Object.fromEntries(names.map(name => [contextKeyOf(name), finalValue(permit, name)]));
}

/** The header's final value for the backend; empty if the header is missing or its value is not safe. */
function finalValue(permit: Permit, name: string): string {
  const value = headerValues(permit.headers, name).join(', ');
  return isHeaderText(value) ? value : '';
}

/**
 * Whether a text stays one header value in every encoding. Software that keeps only the low byte of each character would
 * turn U+010A into a line feed.
 */
function isHeaderText(text: string): boolean {
  return HEADER_TEXT.test(text) && !hasControlInLowByte(text);
}

function hasControlInLowByte(text: string): boolean {
  return text.split('').some(unit => isControl(unit.charCodeAt(0) & 0xff));
}

function isControl(byte: number): boolean {
  return byte < 0x20 || (byte >= 0x7f && byte < 0xa0);
}

function pasteableChallenge(challenge: string | undefined): AuthorizerContext {
  return challenge === undefined || challenge.length > MAX_CHALLENGE || !isHeaderText(challenge)
    ? {}
    : { wwwAuthenticate: challenge };
}

/** PingOne's body, if it is short enough to be pasted into an answer. */
function pasteableBody(body: string | undefined): AuthorizerContext {
  const json = body === undefined || body.length > MAX_BODY ? '' : asciiJson(body);
  return json === '' || json.length > MAX_BODY ? {} : { body: json };
}

/** The same JSON in ASCII, because AWS does not document which other characters a context value may hold. */
function asciiJson(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Text that a gateway response's template can paste into a JSON string, which it does without escaping: printable ASCII
 * without quote and backslash, at most 256 characters.
 */
export const pasteable = (text: string): string => (SAFE.test(text) ? text : madeSafe(text));

function madeSafe(text: string): string {
  return text
    .slice(0, 4 * MAX_REASON)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/"/g, "'")
    .replace(/\\/g, '/')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim()
    .slice(0, MAX_REASON);
}

/** `X-User-Id` -> `hdr_x_user_id`. */
export const contextKeyOf = (headerName: string): string => `hdr_${headerName.toLowerCase().replaceAll('-', '_')}`;
