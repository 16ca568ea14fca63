/** SidebandReply -> Decision; strict, and the only file that can mint a Permit. */
import { type Decision, type DenialAnswer, type Deny, deny, permit } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { holdsToken } from '../domain/token-shape.ts';
import { foreignMembers, isOtherAttempt, type ReplyBinding } from './binding.ts';
import { challengeOf, stepUpAsked } from './challenge.ts';
import { changesOf } from './changes.ts';
import { headerLinesOf, jsonOf, type Members, membersOf, own, ownString, textOf } from './json.ts';
import type { SidebandReply, SidebandRequest } from './wire.ts';

const CORRELATION_ID = /^[\w.:@/+=-]{1,128}$/;

/** The key `response` in any spelling that JSON allows, to see one that a later `"response": null` would hide. */
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

const usableId = (id: string | undefined): string | undefined =>
  id !== undefined && CORRELATION_ID.test(id) && !holdsToken(id) ? id : undefined;

const bodyMembers = (body: Uint8Array | undefined): Members | undefined =>
  body === undefined ? undefined : membersOf(jsonOf(textOf(body) ?? ''));

/** PingOne's id for the exchange: the `Correlation-Id` header, else the `id` of an error body. */
export const correlationIdOf = (reply: SidebandReply): string | undefined =>
  usableId(reply.headers['correlation-id']) ??
  (reply.status === 200 ? undefined : usableId(ownString(bodyMembers(reply.body), 'id')));

/** A status code, written as a number or as three digits. */
const codeOf = (code: unknown): number | undefined => {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
};

/** 400 to 599; everything else, 2xx and 3xx included, is 403. */
const statusOf = (code: number | undefined): number => (code !== undefined && code >= 400 ? code : 403);

/** PingOne's JSON body and its members; the wire's type is string, an object is tolerated. */
const denialBody = (raw: unknown): { readonly json?: string; readonly members?: Members | undefined } => {
  const value = typeof raw === 'string' ? jsonOf(raw) : raw;
  if (value === undefined || value === null) return {};
  try {
    return { json: JSON.stringify(value), members: membersOf(value) };
  } catch {
    return {};
  }
};

const answerOf = (response: Members, json: string | undefined): DenialAnswer => {
  const body = own(response, 'body');
  return Object.freeze({
    status: codeOf(own(response, 'response_code')),
    headers: Object.freeze(headerLinesOf(own(response, 'headers'))),
    body: typeof body === 'string' ? body : json,
  });
};

const denied = (response: Members, correlationId: string | undefined): Deny => {
  const { json, members } = denialBody(own(response, 'body'));
  const answer = answerOf(response, json);
  const asked = statusOf(answer.status);
  const challenge = challengeOf(answer.headers);
  const stepUp = (asked === 401 || asked === 403) && stepUpAsked(answer.headers);
  const said = ownString(members, 'message') || ownString(members, 'errorMessage') || ownString(members, 'detail');
  return deny({
    reasonCode: stepUp ? 'STEP_UP_REQUIRED' : asked === 401 ? 'UNAUTHENTICATED' : 'POLICY_DENIED',
    status: stepUp ? 401 : asked,
    reason: said || ownString(response, 'response_status') || 'Denied by policy',
    fromPdp: true,
    challenge,
    body: json,
    answer,
    correlationId: correlationId ?? usableId(ownString(members, 'id')),
  });
};

const badReply = (detail: string, correlationId: string | undefined): AuthorizerError =>
  new AuthorizerError('PDP_BAD_REPLY', { detail: `PingOne's reply ${detail}`, correlationId });

/** The setting is named for the operator of a service that is seen to rewrite what it echoes. */
const otherRequest = (members: readonly string[], correlationId: string | undefined): AuthorizerError =>
  new AuthorizerError('PDP_BAD_REPLY', {
    detail: `PingOne's reply answers another request, by its ${members.join(' and ')} (PINGONE_REPLY_BINDING)`,
    correlationId,
    outOfStep: true,
  });

/**
 * Judges a reply. A permit needs status 200, one JSON object, no `response`, and the echo of this very attempt.
 * @param asked what the attempt sent that the reply came to.
 * @throws AuthorizerError `PDP_REJECTED` for a status other than 200, `PDP_BAD_REPLY` for a 200 that is not understood.
 */
export const readReply = (reply: SidebandReply, asked: SidebandRequest, binding: ReplyBinding = 'full'): Decision => {
  const correlationId = correlationIdOf(reply);
  if (reply.status !== 200) {
    throw new AuthorizerError('PDP_REJECTED', { detail: `PingOne answered HTTP ${reply.status}`, correlationId });
  }
  if (reply.body === undefined) throw badReply('is truncated or larger than allowed', correlationId);
  const text = textOf(reply.body);
  const members = text === undefined ? undefined : membersOf(jsonOf(text));
  if (text === undefined || members === undefined) throw badReply('is not one JSON object', correlationId);

  const response = own(members, 'response');
  const responseMembers = membersOf(response);
  if (responseMembers !== undefined) {
    if (binding === 'full' && isOtherAttempt(asked, members)) throw otherRequest(['source_port'], correlationId);
    return denied(responseMembers, correlationId);
  }
  if (response !== undefined && response !== null) throw badReply('has a response that is no object', correlationId);
  if (response === null && text.match(RESPONSE_KEY)?.length !== 1) {
    throw badReply('names response more than once', correlationId);
  }
  const [method, url] = [ownString(members, 'method'), ownString(members, 'url')];
  if (method === undefined || url === undefined || !Array.isArray(own(members, 'headers'))) {
    throw badReply('lacks the echo of the request', correlationId);
  }
  const foreign = binding === 'full' ? foreignMembers(asked, members) : [];
  if (foreign.length > 0) throw otherRequest(foreign, correlationId);
  return permit({
    headers: Object.freeze(headerLinesOf(members['headers'])),
    changes: Object.freeze(changesOf(asked, members)),
    echo: Object.freeze({ method, url, body: ownString(members, 'body') }),
    correlationId,
  });
};
