/** What HTTP statuses come to: which are repeated, which open the breaker, and what an open breaker costs. */
import type { Behaviour, HeaderLine } from '../support/behaviours.ts';
import type { Fault } from './fault.ts';
import type { LineId } from './table-lines.ts';

const reply = (status: number, headers: readonly HeaderLine[] = []): Behaviour => ({ kind: 'reply', status, headers });

const times = (count: number, behaviour: Behaviour): readonly Behaviour[] =>
  Array.from({ length: count }, () => behaviour);

const status = (
  code: number,
  line: LineId,
  gets: Fault['gets'],
  answered: number,
  more: Partial<Fault> = {},
): Fault => ({
  title: `HTTP ${code}`,
  line,
  meets: [reply(code)],
  gets,
  status: answered,
  bound: 'at once',
  attempts: 1,
  sockets: 1,
  ...more,
});

const GATEWAY_ERRORS = [502, 503, 504] as const;

const gatewayErrors: readonly Fault[] = GATEWAY_ERRORS.flatMap(code => [
  {
    ...status(code, 'gatewayErrors', 'PDP_ERROR', 502),
    title: `HTTP ${code}, each time`,
    meets: [reply(code), reply(code)],
    attempts: 2,
  },
  {
    title: `HTTP ${code}, once`,
    line: 'gatewayErrorOnce',
    meets: [reply(code)],
    gets: 'PERMIT',
    bound: 'at once',
    attempts: 2,
    sockets: 1,
  },
]);

const answers: readonly Fault[] = [
  ...[500, 501, 505, 599].map(code => status(code, 'serverError', 'PDP_ERROR', 502)),
  ...[301, 307, 308].map(code =>
    status(code, 'rejected', 'PDP_REJECTED', 502, { meets: [reply(code, [['Location', '/v1/elsewhere']])] }),
  ),
  ...[201, 204, 304, 400, 404, 418].map(code =>
    status(code, 'rejected', 'PDP_REJECTED', 502, code === 204 || code === 304 ? { sockets: 0 } : {}),
  ),
  ...[401, 403].map(code => status(code, 'refused', 'CREDENTIAL_REFUSED', 500)),
  status(429, 'rateLimited', 'PDP_RATE_LIMITED', 503, { env: { PINGONE_RETRIES: '2' } }),
  status(429, 'retryAfter', 'PDP_RATE_LIMITED', 503, {
    title: 'HTTP 429 with Retry-After: nothing is sent until then',
    meets: [reply(429, [['Retry-After', '30']])],
    next: 'CIRCUIT_OPEN',
  }),
  status(503, 'retryAfter', 'PDP_ERROR', 502, {
    title: 'HTTP 503 with Retry-After: not even a second attempt',
    meets: [reply(503, [['Retry-After', '30']])],
    next: 'CIRCUIT_OPEN',
  }),
  status(503, 'gatewayErrors', 'PDP_ERROR', 502, {
    title: 'HTTP 503 with Retry-After, breaker disabled',
    env: { BREAKER_ENABLED: 'false' },
    meets: times(2, reply(503, [['Retry-After', '30']])),
    attempts: 2,
  }),
];

const open: Partial<Fault> = { attempts: 0, meets: [], next: 'CIRCUIT_OPEN', sockets: 1 };

const breaker: readonly Fault[] = [
  status(500, 'breakerOpen', 'CIRCUIT_OPEN', 503, {
    ...open,
    title: 'three server errors before',
    before: times(3, reply(500)),
  }),
  status(500, 'serverError', 'PDP_ERROR', 502, {
    title: 'two server errors before: the volume is not there yet',
    before: times(2, reply(500)),
    next: 'CIRCUIT_OPEN',
  }),
  status(429, 'breakerOpen', 'CIRCUIT_OPEN', 503, { ...open, title: 'three 429 before', before: times(3, reply(429)) }),
  status(500, 'breakerOpen', 'CIRCUIT_OPEN', 503, {
    ...open,
    title: 'three dropped connections before',
    env: { PINGONE_RETRIES: '0' },
    before: times(3, { kind: 'resetBeforeHead' }),
    sockets: 0,
  }),
  status(500, 'breakerOpen', 'CIRCUIT_OPEN', 503, {
    ...open,
    title: 'an open breaker throws under FAIL_CLOSED_AS=error',
    env: { FAIL_CLOSED_AS: 'error' },
    before: times(3, reply(500)),
    thrown: true,
  }),
  status(500, 'serverError', 'PDP_ERROR', 502, {
    title: 'nine server errors before, breaker disabled',
    env: { BREAKER_ENABLED: 'false' },
    before: times(9, reply(500)),
  }),
  ...(
    [
      ['denials', { kind: 'deny' }],
      ['refused credentials', reply(401)],
      ['replies that are no decisions', { kind: 'reply', status: 200, body: '{}' }],
      ['rejected requests', reply(400)],
    ] as const satisfies readonly (readonly [string, Behaviour])[]
  ).map(
    ([title, behaviour]): Fault => ({
      title: `nine ${title} before do not open the breaker`,
      before: times(9, behaviour),
      gets: 'PERMIT',
      bound: 'at once',
      attempts: 1,
      sockets: 1,
    }),
  ),
];

const decisions: readonly Fault[] = [
  status(200, 'notUnderstood', 'PDP_BAD_REPLY', 502, {
    title: 'HTTP 200 with an empty object',
    meets: [{ kind: 'reply', status: 200, body: '{}' }],
  }),
  status(200, 'notUnderstood', 'PDP_BAD_REPLY', 502, {
    title: 'HTTP 200 with a word',
    meets: [{ kind: 'reply', status: 200, body: '{"decision":"PERMIT"}' }],
  }),
  status(200, 'notUnderstood', 'PDP_BAD_REPLY', 502, {
    title: 'HTTP 200 with HTML',
    meets: [{ kind: 'reply', status: 200, headers: [['Content-Type', 'text/html']], body: '<html>Sign in</html>' }],
  }),
];

export const STATUS_FAULTS: readonly Fault[] = [...gatewayErrors, ...answers, ...breaker, ...decisions];
