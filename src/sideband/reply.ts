/** SidebandReply -> Decision. The only file that can make a Permit, so it refuses every reply that it does not fully understand. */
import { type Decision, type DenialAnswer, type Deny, deny, permit } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { jsonOf, type Members, membersOf, own } from '../domain/json.ts';
import { holdsToken } from '../domain/token-shape.ts';
import { foreignMembers, isOtherAttempt, type ReplyBinding } from './binding.ts';
import { challengeOf, stepUpAsked } from './challenge.ts';
import { changesOf } from './changes.ts';
import { headerLinesOf, ownString, textOf } from './reply-bytes.ts';
import type { SidebandReply, SidebandRequest } from './wire.ts';

const CORRELATION_ID = /^[\w.:@/+=-]{1,128}$/;

/** The key `response` in any spelling that JSON allows. It finds a first `response` that a later `"response": null` would hide. */
const RESPONSE_KEY = new RegExp(
  `"${[...'response']
    .map(
      c =>
        `(?:${c}|\\\\u00${c
          .charCodeAt(0)
          .toString(16)
          .replace(/[a-f]/, hex => `[${hex}${hex.toUpperCase()}]`)})`,
    )
    .join('')}"\\s*:`,
  'g',
);

/**
 * Judges a reply. A permit needs status 200, one JSON object, no `response`, and the echo of this attempt.
 * @param asked what the attempt sent.
 * @throws AuthorizerError `PDP_REJECTED` for a status other than 200, `PDP_BAD_REPLY` for a 200 that is not understood.
 */
export const readReply = (reply: SidebandReply, asked: SidebandRequest, binding: ReplyBinding = 'full'): Decision => {
  const correlationId = correlationIdOf(reply);
  if (reply.status !== 200) {
    throw new AuthorizerError('PDP_REJECTED', { detail: `PingOne answered HTTP ${reply.status}`, correlationId });
  }
  if (reply.body === undefined) throw badReply('is truncated or larger than allowed', correlationId);
  const text = textOf(reply.body);
  const members = membersOf(jsonOf(text));
  if (members === undefined) throw badReply('is not one JSON object', correlationId);

  const response = own(members, 'response');
  const responseMembers = membersOf(response);
  if (responseMembers !== undefined) {
    if (binding === 'full' && isOtherAttempt(asked, members)) throw otherRequest(['source_port'], correlationId);
    return denied(responseMembers, correlationId);
  }
  if (response !== undefined && response !== null) throw badReply('has a response that is no object', correlationId);
  if (response === null && [...text.matchAll(RESPONSE_KEY)].length !== 1) {
    throw badReply('names response more than once', correlationId);
  }
  // The answer of the response call has no `response` even when it denies: its code stands here.
  if (Object.hasOwn(members, 'response_code')) throw badReply('is that of the response call', correlationId);
  const [method, url] = [ownString(members, 'method'), ownString(members, 'url')];
  if (method === undefined || url === undefined || !Array.isArray(own(members, 'headers'))) {
    throw badReply('lacks the echo of the request', correlationId);
  }
  const foreign = binding === 'full' ? foreignMembers(asked, members) : [];
  if (foreign.length > 0) throw otherRequest(foreign, correlationId);
  const echo = Object.freeze({ method, url, body: ownString(members, 'body') });
  const headers = Object.freeze(headerLinesOf(members['headers']));
  return permit({
    headers,
    changes: Object.freeze(changesOf(asked, echo, headers)),
    echo,
    correlationId,
  });
};

function badReply(detail: string, correlationId: string | undefined): AuthorizerError {
  return new AuthorizerError('PDP_BAD_REPLY', { detail: `PingOne's reply ${detail}`, correlationId });
}

/** The detail names the setting that helps if a service or proxy rewrites the echo. */
function otherRequest(members: readonly string[], correlationId: string | undefined): AuthorizerError {
  return new AuthorizerError('PDP_BAD_REPLY', {
    detail: `PingOne's reply answers another request, by its ${members.join(' and ')} (PINGONE_REPLY_BINDING)`,
    correlationId,
    outOfStep: true,
  });
}

function denied(response: Members, correlationId: string | undefined): Deny {
  const { json, members } = denialBody(own(response, 'body'));
  const answer = answerOf(response, json);
  const status = clientStatus(answer.status);
  const stepUp = (status === 401 || status === 403) && stepUpAsked(answer.headers);
  const said = ownString(members, 'message') || ownString(members, 'errorMessage') || ownString(members, 'detail');
  return deny({
    reasonCode: stepUp ? 'STEP_UP_REQUIRED' : status === 401 ? 'UNAUTHENTICATED' : 'POLICY_DENIED',
    status: stepUp ? 401 : status,
    reason: said || ownString(response, 'response_status') || 'Denied by policy',
    fromPdp: true,
    challenge: challengeOf(answer.headers),
    body: json,
    answer,
    correlationId: correlationId ?? usableId(ownString(members, 'id')),
  });
}

/** PingOne's JSON body and its members. The protocol says that it is a string; an object is accepted too. */
function denialBody(raw: unknown): { readonly json?: string; readonly members?: Members | undefined } {
  const value = typeof raw === 'string' ? jsonOf(raw) : raw;
  if ((value ?? null) === null) return {};
  try {
    return { json: JSON.stringify(value), members: membersOf(value) };
  } catch {
    return {};
  }
}

function answerOf(response: Members, json: string | undefined): DenialAnswer {
  const body = own(response, 'body');
  return Object.freeze({
    status: httpStatusIn(own(response, 'response_code')),
    statusText: ownString(response, 'response_status'),
    headers: Object.freeze(headerLinesOf(own(response, 'headers'))),
    body: typeof body === 'string' ? body : json,
  });
}

/** An HTTP status, written as a number or as a string of three digits. */
function httpStatusIn(code: unknown): number | undefined {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

/** The client's status for a denial: 403 for everything below 400, since a denial must not look like a success. */
function clientStatus(answered = 403): number {
  return answered >= 400 ? answered : 403;
}

function usableId(id: string | undefined): string | undefined {
  return id !== undefined && CORRELATION_ID.test(id) && !holdsToken(id) ? id : undefined;
}

/** PingOne's id for the exchange: the `Correlation-Id` header, or else the `id` in an error's body. */
export const correlationIdOf = (reply: SidebandReply): string | undefined =>
  usableId(reply.headers['correlation-id']) ??
  (reply.status === 200 ? undefined : usableId(ownString(membersOf(jsonOf(textOf(reply.body))), 'id')));
