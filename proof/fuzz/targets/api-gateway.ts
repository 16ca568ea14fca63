/** Target: any event through the whole corridor gets an answer that API Gateway accepts, and a permit only from a permit reply. */

import { createAuthorizer } from '../../../src/compose.ts';
import type { Environment } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { membersOf } from '../../../src/domain/json.ts';
import type { Answer } from '../../../test/contract/stage.ts';
import {
  httpBareEvent,
  httpEvent,
  httpNamedStageEvent,
  httpV1Event,
  restCustomDomainEvent,
  restEdgeEvent,
  restEvent,
  restTestInvokeEvent,
  websocketEvent,
} from '../../../test/support/events.ts';
import { BEARER, REST_HOST } from '../../../test/support/golden-events.ts';
import { hostileEvents } from '../../../test/support/hostile-events.ts';
import { namedBy, type Target } from '../target.ts';
import { namesIn } from '../words.ts';
import { allowProblems, gatewayProblems } from './api-gateway-oracle.ts';
import { PLANS, scriptedService } from './plan.ts';
import { STILL_CLOCK } from './still-clock.ts';

/** Settings by name: an input chooses one. */
const SETTINGS: Readonly<Record<string, Environment>> = {
  iam: { UNAUTHORIZED_AS: 'deny' },
  simple: { RESPONSE_FORMAT: 'simple', ON_UNAPPLIED_CHANGES: 'deny' },
  error: { FAIL_CLOSED_AS: 'error', TOKEN_GATE: 'expiry' },
  debug: { DEBUG: 'true', LOG_LEVEL: 'DEBUG' },
};

const service = scriptedService();
const lines: string[] = [];
const authorizers = new Map(
  Object.entries(SETTINGS).map(([name, environment]) => [
    name,
    createAuthorizer(
      loadConfig({
        PINGONE_SERVICE_URL: 'https://pingone.example',
        PINGONE_GATEWAY_CREDENTIAL: 'canary-credential',
        PINGONE_PREWARM: 'false',
        PINGONE_RETRIES: '0',
        BREAKER_ENABLED: 'false',
        FORWARD_HEADERS: 'authorization,x-user-id,accept',
        ...environment,
      }),
      { send: service.send, clock: STILL_CLOCK, writeLine: line => lines.push(line) },
    ),
  ]),
);

const EVENTS: readonly unknown[] = [
  restEvent(),
  restEdgeEvent(),
  restCustomDomainEvent(),
  restTestInvokeEvent(),
  httpEvent(),
  httpNamedStageEvent(),
  httpBareEvent(),
  httpV1Event(),
  websocketEvent(),
];

const CHANGED = { headers: [{ 'X-User-Id': 'alice' }, { Accept: 'text/html' }], body: 'x' };

export const apiGatewayTarget: Target = {
  name: 'api-gateway',
  files: [
    'corridor/authorizer.ts',
    'corridor/corridor.ts',
    'corridor/fail-closed.ts',
    'gateway/api-gateway.ts',
    'gateway/context.ts',
    'gateway/envelope.ts',
    'gateway/event.ts',
    'gateway/multi-value-maps.ts',
    'gateway/principal.ts',
    'gateway/response.ts',
    'gateway/unapplied-changes.ts',
    'gateway/url.ts',
    'lambda/event-fields.ts',
    'lambda/trace-context.ts',
    'lambda/url-encoding.ts',
    'sideband/payload.ts',
  ],
  seeds: [
    ...EVENTS.flatMap(event => Object.keys(SETTINGS).map(settings => ({ event, settings, reply: 'echo' }))),
    ...PLANS.map(reply => ({ event: restEvent(), settings: 'iam', reply })),
    { event: httpEvent(), settings: 'simple', reply: '401' },
    {
      event: websocketEvent(),
      settings: 'iam',
      reply: { response: { response_code: '403', body: '{"message":"no"}' } },
    },
    { event: restEvent(), settings: 'iam', reply: { url: `https://${REST_HOST}/dev/products/1?x=1` } },
    { event: restEvent(), settings: 'iam', reply: CHANGED },
    { event: restEvent(), settings: 'simple', reply: CHANGED },
  ],
  trials: [
    ...hostileEvents.filter(([, , { json }]) => json).map(([, event]) => ({ event, settings: 'iam', reply: 'echo' })),
  ],
  words: [
    ...PLANS,
    ...Object.keys(SETTINGS),
    ...namesIn(EVENTS),
    'REQUEST',
    'CONNECT',
    'MESSAGE',
    '$connect',
    '$default',
    '$disconnect',
    'GET',
    'OPTIONS',
    '1.0',
    '2.0',
    BEARER,
    'Bearer',
    'traceparent',
    '00-67891233abcdef012345678912345678-463ac35c9f6413ad-01',
    'arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/',
    'response',
    'response_code',
    'WWW-Authenticate',
    'clientCert',
    'clientCertPem',
    'authentication',
  ],
  batch: 100,
  maxLength: 100_000,
  run: async input => {
    const { event, settings, reply } = membersOf(input) ?? {};
    const authorize = namedBy(settings, authorizers);
    lines.length = 0;
    service.plan(reply);
    const answer = await answerOf(() => authorize(event));
    return [
      ...gatewayProblems(answer, event, settings === 'error'),
      ...allowProblems(answer, event, service.exchanged()),
      ...lineProblems(event),
    ];
  },
};

async function answerOf(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'no error' };
  }
}

const TOKEN = BEARER.slice(BEARER.indexOf(' ') + 1);

/** Each record is one line of JSON, and holds neither our credential nor a client's token. The route is the operator's own text. */
function lineProblems(event: unknown): readonly string[] {
  const text = lines.join('\n');
  const { routeKey, resource, requestContext } = membersOf(event) ?? {};
  const routes = JSON.stringify([routeKey, resource, membersOf(requestContext)?.['routeKey']]);
  return [
    ...(lines.every(line => !line.includes('\n') && JSON.parse(line) !== null)
      ? []
      : ['a log line that is not one line']),
    ...(text.includes('canary-credential') ? ['the credential in a log line'] : []),
    ...(text.includes(TOKEN) && !routes.includes(TOKEN) ? ['a token in a log line'] : []),
  ];
}
