/** Every parser of what a client or a service can make long, each with the least size at which it is measured. */
import { readRequest as readViewer, readViewerRequest } from '../../src/edge/event.ts';
import { readEnvelope } from '../../src/gateway/envelope.ts';
import { readRequest } from '../../src/gateway/event.ts';
import { asksForStepUp } from '../../src/sideband/challenge.ts';
import { toSideband } from '../../src/sideband/payload.ts';
import { readReply } from '../../src/sideband/reply.ts';

/** Prepares an input of about so many characters, and returns what reads it. */
export type Prepare = (size: number) => () => unknown;

const REQUEST = { method: 'GET', url: 'https://api1.example/dev/r/1', headers: [], sourceIp: '192.0.2.1' } as const;
const ASKED = toSideband({ ...REQUEST, kind: 'rest' }, 50_000);

export const PARSERS: readonly (readonly [parser: string, prepare: Prepare, size: number])[] = [
  ['event: headers', size => forEvent({ multiValueHeaders: headers(size / 20) }), 40_000],
  ['event: query', size => forEvent({ multiValueQueryStringParameters: headers(size / 20) }), 40_000],
  ['event: path', size => forEvent({ path: `/${'é/'.repeat(size / 2)}` }), 40_000],
  ['CloudFront event: headers', size => forViewer(size / 20), 40_000],
  ['reply: headers', size => forReply({ headers: list(size / 20) }), 80_000],
  ['reply: url', size => forReply({ url: `${REQUEST.url}?${'a=b&'.repeat(size / 4)}` }), 80_000],
  [
    'reply: body of a denial',
    size => forReply({ response: { response_code: '403', body: `{"message":"${'x'.repeat(size)}"}` } }),
    80_000,
  ],
  [
    'challenge: one long word',
    size => {
      const text = 'a'.repeat(size);
      return () => asksForStepUp(text);
    },
    80_000,
  ],
  [
    'challenge: open quotes',
    size => {
      const text = 'a="\\'.repeat(size / 4);
      return () => asksForStepUp(text);
    },
    20_000,
  ],
];

function forEvent(parts: object): () => unknown {
  const event = {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:api1/dev/GET/r/1',
    path: '/r/1',
    httpMethod: 'GET',
    requestContext: { domainName: 'api1.example', identity: { sourceIp: '192.0.2.1' } },
    ...parts,
  };
  return () => readRequest(event, readEnvelope(event));
}

function forViewer(count: number): () => unknown {
  const lines = Object.fromEntries(names(count).map(name => [name, [{ key: name, value: 'x' }]]));
  const request = {
    clientIp: '192.0.2.1',
    method: 'GET',
    uri: '/',
    querystring: '',
    headers: { ...lines, host: [{ key: 'Host', value: 'd1.example' }] },
  };
  const event = { Records: [{ cf: { config: { eventType: 'viewer-request' }, request } }] };
  return () => readViewer(readViewerRequest(event), { sendBody: false, onIncompleteBody: 'deny' });
}

function forReply(parts: object): () => unknown {
  const body = Buffer.from(JSON.stringify({ ...ASKED, ...parts }));
  return () => readReply({ status: 200, headers: {}, body }, ASKED);
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `x-name-${index}`);
const headers = (count: number): object => Object.fromEntries(names(count).map(name => [name, ['x']]));
const list = (count: number): readonly object[] => names(count).map(name => ({ [name]: 'x' }));
