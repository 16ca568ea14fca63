/** Secrets of every kind that pass through the authorizer, each a word of its own that no output may hold. */
import {
  clientCert,
  type GatewayEvent,
  httpHeaders,
  httpQuery,
  restHeaders,
  restQuery,
} from '../support/event-parts.ts';
import { httpEvent, httpV1Event, restEvent, tokenEvent, websocketEvent } from '../support/events.ts';
import { tlsMaterials } from '../support/tls.ts';

/** Letters and digits alone, so that no encoding on the way hides one. */
const canary = (kind: string): string => `canary${kind}7f3a9c`;

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims other than `sub`, which a permit hands to API Gateway as the principal. */
const CLAIMS = base64({ sub: 'alice', email: `${canary('Claim')}@example.org` });

const PEM = tlsMaterials.good.certPem;

export const CANARY = {
  bearer: `${canary('Head')}.${CLAIMS}.${canary('Signature')}`,
  cookie: canary('Cookie'),
  query: canary('Query'),
  header: canary('Header'),
  /** A line of the certificate's base64. */
  certificate: PEM.split('\n')[3] ?? '',
  body: canary('Body'),
  state: canary('State'),
  replyHeader: canary('ReplyHeader'),
  badReply: canary('BadReply'),
  changedUrl: canary('ChangedUrl'),
  addedHeader: canary('AddedHeader'),
} as const;

/** The concrete path: for PingOne and the policy alone. */
export const PATH = canary('Path');
/** What PingOne says to the client: for the context of the denial alone. */
export const STATUS_TEXT = canary('StatusText');

/** What must show nowhere: the canaries, and the parts of those that have some. */
export const WORDS: readonly string[] = [...Object.values(CANARY), ...CANARY.bearer.split('.'), canary('Claim')];

const LINES = [
  ['Authorization', `Bearer ${CANARY.bearer}`],
  ['Cookie', `session=${CANARY.cookie}; theme=dark`],
  ['X-Api-Key', CANARY.header],
  ['Host', 'api.example.org'],
  // A trace context is read; what is not one must not be passed on as if it were.
  ['traceparent', CANARY.header],
] as const;

const QUERY = `access_token=${CANARY.query}&x=1`;
const BODY = { body: CANARY.body };

const rest = {
  ...restHeaders(LINES),
  ...restQuery(QUERY),
  ...BODY,
  path: `/products/${PATH}`,
  pathParameters: { productId: PATH },
  stageVariables: { secret: CANARY.header },
  requestContext: {
    path: `/dev/products/${PATH}`,
    identity: { clientCert: clientCert(PEM), apiKey: CANARY.header },
  },
};

const http = {
  ...httpHeaders(LINES),
  ...httpQuery(QUERY),
  ...BODY,
  rawPath: `/products/${PATH}`,
  identitySource: [`Bearer ${CANARY.bearer}`],
  requestContext: { http: { path: `/products/${PATH}` }, authentication: { clientCert: clientCert(PEM) } },
};

const restArn = (path: string): string => `arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET${path}`;

/** Each shape of event, and events that are none, with every secret that the shape can carry. */
export const EVENTS: Readonly<Record<string, GatewayEvent>> = {
  rest: restEvent(rest),
  'HTTP 2.0': httpEvent(http),
  'HTTP 1.0': httpV1Event({ ...rest, authorizationToken: CANARY.bearer, identitySource: CANARY.bearer }),
  websocket: websocketEvent({ ...restHeaders(LINES), ...restQuery(QUERY) }),
  TOKEN: tokenEvent({ authorizationToken: CANARY.bearer }),
  'without a method': restEvent({ ...rest, httpMethod: `GET ${CANARY.header}` }),
  'with a broken header map': restEvent({ ...rest, multiValueHeaders: { [CANARY.header]: { [CANARY.header]: 1 } } }),
  'without a usable ARN': restEvent({ ...rest, methodArn: CANARY.header }),
  'without a context': restEvent({ ...rest, methodArn: restArn('/products/1'), requestContext: CANARY.header }),
};

/** A token that is the whole query: where an event carries the query decoded, it looks like a name without a value. */
export const BARE_QUERY: Readonly<Record<string, GatewayEvent>> = {
  rest: restEvent(restQuery(CANARY.query)),
  'HTTP 2.0': httpEvent(httpQuery(CANARY.query)),
  websocket: websocketEvent(restQuery(CANARY.query)),
};

/** A token that is known by its shape alone, of which no part may show. */
export const TOKEN = [
  base64({ alg: 'RS256', kid: 'canary' }),
  base64({ jti: canary('Jti') }),
  canary('Sig').repeat(3),
].join('.');

const named = [
  ['Host', 'api.example.org'],
  [TOKEN, 'x'],
] as const;

/** A token as the name of a header and of a parameter, in the path and in its matrix parameters. */
export const TOKENS_IN_NAMES: Readonly<Record<string, GatewayEvent>> = {
  rest: restEvent({
    ...restHeaders(named),
    ...restQuery(`${TOKEN}=1&x=1`),
    path: `/products/${TOKEN};s=${PATH}`,
    requestContext: { path: `/dev/products/${TOKEN};s=${PATH}` },
  }),
  'HTTP 2.0': httpEvent({
    ...httpHeaders(named),
    ...httpQuery(`${TOKEN}=1&x=1`),
    rawPath: `/products/${TOKEN};s=${PATH}`,
  }),
  $default: httpEvent({
    ...httpHeaders(named),
    ...httpQuery(`${TOKEN}=1&${TOKEN}`),
    rawPath: `/${TOKEN}/${PATH}`,
    routeKey: '$default',
  }),
};
