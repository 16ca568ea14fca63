/** No secret, token, header value, query value or text of PingOne's reaches a log line, whatever the outcome and the level. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { type GatewayEvent, httpHeaders, httpQuery, restHeaders, restQuery } from '../support/event-parts.ts';
import { httpEvent, restEvent, websocketEvent } from '../support/events.ts';
import { hostileEvents } from '../support/hostile-events.ts';
import { hostileReplies } from '../support/replies.ts';
import { setStage } from './stage.ts';

const QUERY = 'token=canary-query&empty=';
const HEADERS = [
  ['Authorization', 'Bearer canary.token.x'],
  ['Cookie', 'session=canary-cookie'],
  ['X-Api-Key', 'canary-header'],
] as const;
const EVENTS: readonly GatewayEvent[] = [
  restEvent({ ...restHeaders(HEADERS), ...restQuery(QUERY) }),
  httpEvent({ ...httpHeaders(HEADERS), ...httpQuery(QUERY) }),
  websocketEvent({ ...restHeaders(HEADERS), ...restQuery(QUERY) }),
  restEvent({ ...restHeaders(HEADERS), multiValueQueryStringParameters: { a: 'canary-query' } }),
  restEvent({ requestContext: { identity: { clientCert: { clientCertPem: 'canary-pem' } } } }),
];
const REPLIES: readonly Behaviour[] = [
  {
    kind: 'permit',
    edits: {
      set: [['X-User', 'canary-user']],
      url: 'https://x.example/?a=canary-url',
      state: 'canary-state',
      body: 'canary-body',
      method: 'CANARY-method',
    },
  },
  {
    kind: 'deny',
    statusText: 'canary-status',
    body: '{"message":"canary-message"}',
    headers: [['WWW-Authenticate', 'Bearer realm="canary-realm"']],
  },
  { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer acr_values="canary-acr"']] },
  { kind: 'reply', status: 200, body: '{"decision":"canary-decision"}' },
  { kind: 'reply', status: 500, body: '{"message":"canary-error"}' },
  { kind: 'reply', status: 302, headers: [['Location', 'https://canary.example/']], body: '' },
  { kind: 'reply', status: 401, body: '{"message":"canary-refusal"}' },
  { kind: 'raw', bytes: 'HTTP/1.1 canary\r\n\r\n', afterwards: 'close' },
];

const LEVELS = [
  { LOG_LEVEL: 'DEBUG', DEBUG: 'true' },
  { LOG_LEVEL: 'DEBUG' },
  { LOG_LEVEL: 'INFO' },
  { LOG_LEVEL: 'ERROR', DEBUG: 'true', ON_UNAPPLIED_CHANGES: 'deny' },
  { LOG_LEVEL: 'SILENT', DEBUG: 'true' },
];

describe('a log', () => {
  it.each(LEVELS)('with %j holds no canary', async environment => {
    const { pdp, lines, play } = await setStage({ FORWARD_HEADERS: 'x-user,authorization', ...environment });
    for (const event of EVENTS) for (const reply of REPLIES) await play(reply, event);
    expect(pdp.callCount).toBeGreaterThan(EVENTS.length);
    expect(lines.length).toBeGreaterThan(EVENTS.length);
    expect(lines.filter(line => /canary/i.test(line))).toEqual([]);
  });

  it('holds neither credential nor token after every hostile event and reply', async () => {
    const { pdp, lines, answer, play } = await setStage({ LOG_LEVEL: 'DEBUG', DEBUG: 'true' });
    pdp.otherwise({ kind: 'permit' });
    for (const [, event] of hostileEvents) await answer(event);
    for (const [, reply] of hostileReplies) await play({ kind: 'reply', ...reply }, restEvent(restHeaders(HEADERS)));
    expect(lines.filter(line => /canary|eyJzdWIi|t0ken|c2lnbmF0dXJl/.test(line))).toEqual([]);
    for (const line of lines) {
      expect(line).not.toContain('\n');
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it('holds no token, and neither does an answer', async () => {
    const { play } = await setStage({ UNAUTHORIZED_AS: 'deny' });
    const answers: unknown[] = [];
    for (const event of EVENTS) for (const reply of REPLIES) answers.push(await play(reply, event));
    expect(JSON.stringify(answers)).not.toMatch(
      /canary-(?:credential|cookie|header|query|state|body|url|pem)|canary\.token/,
    );
  });
});
