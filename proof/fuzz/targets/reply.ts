/** Target: PingOne's reply becomes a permit exactly if it echoes the request; every other one is a denial or one of two faults. */
import { isUtf8 } from 'node:buffer';
import { refusedChanges } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { jsonOf, membersOf } from '../../../src/domain/json.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { toSideband } from '../../../src/sideband/payload.ts';
import { readReply } from '../../../src/sideband/reply.ts';
import type { SidebandRequest } from '../../../src/sideband/wire.ts';
import { hostileReplies } from '../../../test/support/replies.ts';
import { namedBy, type Target } from '../target.ts';
import { replyProblems } from './permit-oracle.ts';

const REQUEST: AccessRequest = {
  kind: 'rest',
  method: 'GET',
  url: 'https://api1.example/dev/a%2Fb/caf%C3%A9?x=1&y=a%20b',
  headers: [
    ['Accept', '*/*'],
    ['Authorization', 'Bearer x'],
    ['X-Tag', 'a'],
    ['x-tag', 'b'],
    ['Via', '1.1 proxy'],
  ],
  sourceIp: '192.0.2.1',
};

/** Requests by name: an input chooses the one that its reply answers. */
const ASKED = {
  get: toSideband(REQUEST, 50_000),
  post: toSideband({ ...REQUEST, method: 'POST', body: '{"amount":1}', sourceIp: '2001:db8::1' }, 65_535),
  // PingOne is asked about this very text, though no parser reads it as a URL.
  odd: toSideband({ ...REQUEST, url: 'https://999.1.1.1/a', headers: [] }, 49_152),
};
const QUESTIONS = new Map(Object.entries(ASKED));
const { get: GET, post: POST, odd: ODD } = ASKED;

const replyOf = (asked: string, body: unknown, others: object = {}) => ({
  asked,
  status: 200,
  headers: { 'correlation-id': 'c-1' },
  binding: 'full',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...others,
});

export const replyTarget: Target = {
  name: 'reply',
  files: [
    'sideband/reply.ts',
    'sideband/binding.ts',
    'sideband/changes.ts',
    'sideband/challenge.ts',
    'domain/json.ts',
    'sideband/wire.ts',
    'domain/decision.ts',
  ],
  seeds: [
    replyOf('get', GET),
    replyOf('post', POST),
    replyOf('odd', ODD),
    replyOf('post', { ...POST, source_ip: '2001:DB8:0::1', source_port: '65535' }),
    replyOf('get', { ...GET, source_port: 50_001 }, { binding: 'request' }),
    replyOf('get', { ...GET, url: 'https://API1.example:443/dev/x/../a%2fb/caf%c3%a9?x=1&y=a+b' }),
    replyOf('get', { ...GET, response: null }),
    replyOf('get', {
      ...GET,
      response: {
        response_code: '401',
        response_status: 'UNAUTHORIZED',
        headers: [{ 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age=0' }],
        body: '{"message":"no","id":"c-2"}',
      },
    }),
  ],
  trials: hostileReplies.map(([, { status, body }]) =>
    replyOf('get', Buffer.from(body).toString('latin1'), { status, bytes: true }),
  ),
  words: [
    ...Object.keys(ASKED),
    ...Object.keys(GET),
    'full',
    'request',
    'response',
    'response_code',
    'response_status',
    'message',
    'errorMessage',
    'detail',
    'id',
    'correlation-id',
    'WWW-Authenticate',
    'insufficient_user_authentication',
    'acr_values',
    'https://api1.example/dev/a%2Fb/caf%C3%A9',
    '192.0.2.1',
    '2001:db8::1',
    '50000',
    '/../',
    '%2e%2e',
    '"response":null,',
    '"response":{},',
    '"url":"https://api1.example/",',
  ],
  batch: 500,
  maxLength: 120_000,
  run: input => {
    const { asked, status, headers, binding, body, bytes } = membersOf(input) ?? {};
    return problemsOf(
      namedBy(asked, QUESTIONS),
      {
        status: typeof status === 'number' && Number.isInteger(status) ? status : 200,
        headers: Object.fromEntries(
          Object.entries(membersOf(headers) ?? {}).filter(
            (line): line is [string, string] => typeof line[1] === 'string',
          ),
        ),
        // Each character of it is a byte, or it is text.
        body: typeof body === 'string' ? Buffer.from(body, bytes === true ? 'latin1' : 'utf8') : undefined,
      },
      binding === 'request' ? 'request' : 'full',
    );
  },
};

type Reply = Parameters<typeof readReply>[0];

function problemsOf(asked: SidebandRequest, reply: Reply, binding: 'full' | 'request'): readonly string[] {
  let decision: ReturnType<typeof readReply>;
  try {
    decision = readReply(reply, asked, binding);
  } catch (error) {
    return faultProblems(error);
  }
  const { effect, correlationId } = decision;
  const unusable = correlationId !== undefined && !/^[A-Za-z0-9_.:@/+=-]{1,128}$/.test(correlationId);
  const shared = [...(Object.isFrozen(decision) ? [] : ['not frozen']), ...(unusable ? ['an unusable id'] : [])];
  if (effect === 'deny') return [...shared, ...denialProblems(decision)];
  const { status, body = Buffer.of() } = reply;
  const echo = isUtf8(body) ? jsonOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)) : undefined;
  const evidence = status === 200 ? replyProblems({ ...asked }, echo, binding) : ['a permit with another status'];
  const refused = refusedChanges(decision.changes, 'ignore').length > 0;
  const different = evidence.filter(problem => !/method|origin/.test(problem));
  return [
    ...shared,
    ...different,
    // The corridor refuses a permit for another method, origin or path by its changes.
    ...(!refused && evidence.length > different.length ? evidence : []),
    ...(refused && evidence.length === 0 ? ['the right permit is refused'] : []),
    ...headerProblems(asked, decision),
  ];
}

type Decided = ReturnType<typeof readReply>;

function denialProblems({ status, reason, challenge }: Extract<Decided, { effect: 'deny' }>): readonly string[] {
  return [
    ...(Number.isInteger(status) && status >= 400 && status <= 599 ? [] : [`a denial with status ${status}`]),
    ...(reason === '' ? ['a denial without a reason'] : []),
    ...(challenge === undefined || /^[ -~]+$/.test(challenge) ? [] : ['a challenge that is not one line of ASCII']),
  ];
}

const FAULT =
  /^PDP_REJECTED: PingOne answered HTTP -?[\d.e+]+$|^PDP_BAD_REPLY: PingOne's reply [a-zJSON ]+(?:, by its source_(?:ip|port)(?: and source_port)? \(PINGONE_REPLY_BINDING\))?$/;

/** A fault says what is wrong in words of ours, and quotes nothing. */
function faultProblems(error: unknown): readonly string[] {
  if (!(error instanceof AuthorizerError)) return [`threw ${String(error)}`];
  return FAULT.test(error.message) ? [] : [`a fault with the message ${error.message}`];
}

/** Headers of one hop do not count as changes: docs/protocol.md. */
const HOP =
  /^(?:connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|via)$/i;

/** A change of headers is listed exactly if the echo's lines are others than those that were asked. */
function headerProblems(
  asked: SidebandRequest,
  { headers, changes }: Extract<Decided, { effect: 'permit' }>,
): readonly string[] {
  const before = asked.headers.flatMap(line => Object.entries(line));
  const differ = joined(before) !== joined(headers);
  const listed = changes.some(({ kind }) => kind.startsWith('header-'));
  return differ === listed
    ? []
    : [differ ? 'a change of headers that is not listed' : 'a change of headers that is none'];
}

function joined(lines: readonly (readonly [string, string])[]): string {
  const byName = Map.groupBy(
    lines.filter(([name]) => !HOP.test(name)),
    ([name]) => name.toLowerCase(),
  );
  return JSON.stringify(
    [...byName].map(([name, values]) => [name, values.map(([, value]) => value.trim()).join(', ')]).sort(),
  );
}
