/** Target: any CloudFront event and any echo through the whole corridor; what comes out is within CloudFront's rules. */
import { compose } from '../../../src/compose.ts';
import { membersOf } from '../../../src/domain/json.ts';
import { cloudFront } from '../../../src/edge/cloudfront.ts';
import { loadEdgeConfig } from '../../../src/edge/settings.ts';
import { hostileRequests } from '../../../test/edge/hostile-requests.ts';
import { BEARER, HOST, headersOf, REQUEST, shownBody, viewerRequest } from '../../../test/edge/viewer-request.ts';
import { namedBy, type Target } from '../target.ts';
import { resultProblems } from './cloudfront-oracle.ts';
import { replyProblems } from './permit-oracle.ts';
import { PLANS, scriptedService } from './plan.ts';
import { STILL_CLOCK } from './still-clock.ts';

/** Settings by name: an input chooses one. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: {},
  strict: { ON_UNAPPLIED_CHANGES: 'deny', SEND_BODY: 'true', TRUSTED_IP_HEADER: 'x-client-ip' },
  body: { SEND_BODY: 'true', ON_INCOMPLETE_BODY: 'omit', DEBUG: 'true' },
  answer: { PREFLIGHT: 'answer', CORS_ALLOWED_ORIGINS: 'https://app.example', CORS_ALLOW_CREDENTIALS: 'true' },
  pass: { PREFLIGHT: 'pass' },
};

const service = scriptedService();
const lines: string[] = [];
const authorizers = new Map(
  Object.entries(SETTINGS).map(([name, settings]) => {
    const { config, gateway } = loadEdgeConfig({
      PINGONE_SERVICE_URL: 'https://pingone.example',
      PINGONE_GATEWAY_CREDENTIAL_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf',
      PINGONE_PREWARM: 'false',
      PINGONE_RETRIES: '0',
      BREAKER_ENABLED: 'false',
      ...settings,
    });
    const overrides = {
      send: service.send,
      fetchSecret: async () => 'canary-credential',
      clock: STILL_CLOCK,
      writeLine: (line: string) => lines.push(line),
    };
    return [name, compose(cloudFront(gateway), config, overrides).authorize];
  }),
);

const PREFLIGHT = {
  ...REQUEST,
  method: 'OPTIONS',
  headers: headersOf(['Host', HOST], ['Origin', 'https://app.example'], ['Access-Control-Request-Method', 'PUT']),
};
const CHANGED = {
  url: `https://${HOST}/other?x=1`,
  method: 'GET',
  headers: [{ Host: HOST }, { 'X-User': 'älice' }, { 'X-Tag': 'c' }, { Connection: 'close' }, { 'X-Bad': 'a\r\nb' }],
  body: 'changed',
};
const inputOf = (event: unknown, settings: string, reply: unknown) => ({ event, settings, reply });

export const cloudFrontTarget: Target = {
  name: 'cloudfront',
  files: [
    'edge/body.ts',
    'edge/client-address.ts',
    'edge/cloudfront.ts',
    'edge/cors.ts',
    'edge/edited-request.ts',
    'edge/event.ts',
    'edge/header-maps.ts',
    'edge/function-restrictions.ts',
    'edge/preflight.ts',
    'edge/response.ts',
  ],
  seeds: [
    ...Object.keys(SETTINGS).flatMap(settings => [
      ...PLANS.map(reply => inputOf(viewerRequest(), settings, reply)),
      inputOf(viewerRequest(), settings, CHANGED),
      inputOf(viewerRequest(PREFLIGHT), settings, 'echo'),
      inputOf(viewerRequest({ method: 'POST', body: shownBody('{"a":1}') }), settings, CHANGED),
    ]),
    inputOf(
      viewerRequest({ headers: { ...REQUEST.headers, ...headersOf(['X-Client-IP', '192.0.2.7']) } }),
      'strict',
      'echo',
    ),
    inputOf(viewerRequest(), 'answer', {
      response: {
        response_code: '302',
        response_status: 'FOUND',
        headers: [{ Location: 'https://login.example/' }, { 'Set-Cookie': 'a=b' }, { Vary: 'Accept' }],
        body: '<p>no</p>',
      },
    }),
  ],
  trials: hostileRequests.map(([, event]) => inputOf(event, 'plain', 'echo')),
  words: [
    ...PLANS,
    ...Object.keys(SETTINGS),
    ...Object.keys(CHANGED),
    'Records',
    'cf',
    'config',
    'request',
    'clientIp',
    'querystring',
    'uri',
    'key',
    'value',
    'eventType',
    'viewer-request',
    'inputTruncated',
    'encoding',
    'base64',
    'data',
    'host',
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Via',
    'CloudFront-Viewer-Country',
    'X-Amz-Cf-Id',
    'X-Edge-X',
    'X-Forwarded-Proto',
    'X-Real-IP',
    'Keep-Alive',
    'Cookie',
    'origin',
    'https://app.example',
    'access-control-request-method',
    'access-control-request-headers',
    'OPTIONS',
    'HEAD',
    'response',
    'response_code',
    'response_status',
    'Location',
    'Content-Type',
    'Cache-Control',
    'WWW-Authenticate',
    BEARER,
  ],
  batch: 100,
  maxLength: 120_000,
  run: async input => {
    const { event, settings, reply } = membersOf(input) ?? {};
    const authorize = namedBy(settings, authorizers);
    lines.length = 0;
    service.plan(reply);
    const result: unknown = await authorize(event);
    const { asked, replied } = service.exchanged();
    const request = requestIn(event);
    return [
      ...resultProblems(result, request, asked === undefined ? undefined : (membersOf(replied)?.['headers'] ?? [])),
      ...permitProblems(result, asked, replied, settings),
      ...(lines.join().includes('canary-credential') ? ['the credential in a log line'] : []),
    ];
  },
};

/** An event of several records, which CloudFront never sends, is no single request's. */
function requestIn(event: unknown): Readonly<Record<string, unknown>> {
  const records = membersOf(event)?.['Records'];
  const record: unknown = Array.isArray(records) && records.length === 1 ? records[0] : undefined;
  return membersOf(membersOf(membersOf(record)?.['cf'])?.['request']) ?? {};
}

/** A request goes on only after a permit for it, or as a preflight where the settings let preflights pass. */
function permitProblems(
  result: unknown,
  asked: Readonly<Record<string, unknown>> | undefined,
  replied: unknown,
  settings: unknown,
): readonly string[] {
  if (membersOf(result)?.['status'] !== undefined && membersOf(result)?.['uri'] === undefined) return [];
  if (asked === undefined) {
    return settings === 'pass' && membersOf(result)?.['method'] === 'OPTIONS'
      ? []
      : ['a request goes on without a question'];
  }
  // The edge makes the changes of path and query itself; of the origin it makes none.
  const moved = (problem: string): boolean => problem.includes('origin or path');
  const others = replyProblems(asked, replied).filter(problem => !moved(problem));
  const [from, to] = [URL.parse(String(asked['url'])), URL.parse(String(membersOf(replied)?.['url']))];
  return [...others, ...(from?.origin === to?.origin ? [] : ['a request goes on with a permit for another origin'])];
}
