/** Events that API Gateway never sends, or that only an attacker can cause. The function must answer each one. */
import { httpEvent, httpProxyEvent, restEvent, restProxyEvent, tokenEvent, websocketEvent } from './events.ts';
import { REST_ARN } from './golden-events.ts';
import { type HostileEvent, inProcess, refused, survived, survivedInProcess } from './hostile-event.ts';
import { hostileMembers, hostileValues } from './hostile-event-fields.ts';

const fromJson = (text: string): unknown => JSON.parse(text);
const withArn = (arn: unknown): unknown => restEvent({ methodArn: arn });

const notEvents: readonly HostileEvent[] = [
  refused('null', null),
  refused('true', true),
  refused('a number', 42),
  refused('an empty string', ''),
  refused('an event as a string', JSON.stringify(restEvent())),
  refused('an empty array', []),
  refused('an event in an array', [restEvent()]),
  refused('an empty object', {}),
  refused('only a type', { type: 'REQUEST' }),
  refused('a TOKEN event', tokenEvent()),
  refused('a TOKEN event with all of a REQUEST', restEvent({ type: 'TOKEN', authorizationToken: 'x' })),
  refused('a REST proxy event', restProxyEvent()),
  refused('an HTTP proxy event', httpProxyEvent()),
  refused('an SQS event', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }),
  refused('a CloudFront event', { Records: [{ cf: { config: {}, request: { uri: '/', method: 'GET' } } }] }),
  refused('a scheduled event', { version: '0', 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }),
  refused('a warm-up ping', { source: 'serverless-plugin-warmup' }),
  refused('an event inside __proto__', fromJson(`{"__proto__":${JSON.stringify(restEvent())}}`)),
];

const types: readonly HostileEvent[] = [
  refused('type in lower case', restEvent({ type: 'request' })),
  refused('no type', restEvent({ type: undefined })),
  refused('type null', restEvent({ type: null })),
  refused('type as an array', restEvent({ type: ['REQUEST'] })),
  refused('version 3.0', httpEvent({ version: '3.0' })),
  refused('version as a number', httpEvent({ version: 2 })),
  refused('version null', httpEvent({ version: null })),
  refused('version empty', httpEvent({ version: '' })),
];

const arns: readonly HostileEvent[] = [
  refused('no methodArn', restEvent({ methodArn: undefined })),
  refused('no routeArn', httpEvent({ routeArn: undefined })),
  refused('no methodArn on a WebSocket', websocketEvent({ methodArn: undefined })),
  refused('methodArn null', withArn(null)),
  refused('methodArn a number', withArn(7)),
  refused('methodArn an array', withArn([REST_ARN])),
  refused('methodArn an object', withArn({ toString: REST_ARN })),
  refused('methodArn empty', withArn('')),
  refused('methodArn a star', withArn('*')),
  refused('methodArn no ARN', withArn('https://example.org/')),
  refused('methodArn too short', withArn('arn:aws:execute-api')),
  refused('methodArn of another service', withArn(REST_ARN.replace('execute-api', 's3'))),
  refused('methodArn with a wildcard service', withArn(REST_ARN.replace('execute-api', '*'))),
  refused('methodArn with a wildcard partition', withArn(REST_ARN.replace(':aws:', ':*:'))),
  refused('methodArn with a wildcard region', withArn(REST_ARN.replace('us-east-1', '*'))),
  refused('methodArn with a wildcard account', withArn(REST_ARN.replace('123456789012', '*'))),
  refused('methodArn with a wildcard API', withArn(REST_ARN.replace('api1', '*'))),
  refused('methodArn with a wildcard in the API', withArn(REST_ARN.replace('api1', 'api?'))),
  refused('methodArn with a wildcard stage', withArn(REST_ARN.replace('/dev/', '/*/'))),
  refused('methodArn with a wildcard verb', withArn(REST_ARN.replace('/GET/', '/*/'))),
  refused('methodArn with an empty API', withArn(REST_ARN.replace('api1', ''))),
  refused('methodArn without a stage', withArn('arn:aws:execute-api:us-east-1:123456789012:api1')),
  refused('methodArn with a line break', withArn(`${REST_ARN}\n`)),
  refused('methodArn with a blank before it', withArn(` ${REST_ARN}`)),
  refused('a REST event that has its ARN under routeArn', restEvent({ methodArn: undefined, routeArn: REST_ARN })),
  survived('methodArn with wildcards in the path', withArn(`${REST_ARN}/*/?`)),
  survived('methodArn with colons in the path', withArn(`${REST_ARN}:a:b`)),
  survived('methodArn longer than a policy resource may be', withArn(`${REST_ARN}/${'x'.repeat(1500)}`)),
  survived('methodArn of 1 MB', withArn(`${REST_ARN}/${'x'.repeat(1_000_000)}`)),
];

const throwing = (): never => {
  throw new Error('a getter that throws');
};

const cyclic = (): unknown => {
  const context: Record<string, unknown> = {};
  context['self'] = context;
  return restEvent({ requestContext: undefined, self: context });
};

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const beyondJson: readonly HostileEvent[] = [
  inProcess('undefined', undefined),
  inProcess('a symbol', Symbol('event')),
  inProcess('a bigint', 1n),
  inProcess('a function', () => restEvent()),
  inProcess('NaN', Number.NaN),
  inProcess(
    'a getter that throws for the type',
    Object.defineProperty({}, 'type', { get: throwing, enumerable: true }),
  ),
  inProcess(
    'a getter that throws for the ARN',
    Object.defineProperty(restEvent({ methodArn: undefined }), 'methodArn', { get: throwing, enumerable: true }),
  ),
  survivedInProcess(
    'a proxy that throws for everything',
    new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing }),
  ),
  survivedInProcess('a revoked proxy', revoked()),
  inProcess('a cyclic event', cyclic()),
  inProcess('methodArn a String object', withArn(Object(REST_ARN))),
  inProcess('an object without a prototype', Object.create(null)),
  inProcess('a Map', new Map([['type', 'REQUEST']])),
];

/** Every hostile input: `[title, event, traits]`. */
export const hostileEvents: readonly HostileEvent[] = [
  ...notEvents,
  ...types,
  ...arns,
  ...hostileMembers,
  ...hostileValues,
  ...beyondJson,
];
