/** A CloudFront distribution on loopback: one behaviour, caching off, a Lambda@Edge function on viewer requests. */
import { randomBytes } from 'node:crypto';
import type { Backend } from '../gateway/outgoing.ts';
import type { GatewayReply, HeaderList } from '../gateway/request.ts';
import type { Gateway } from '../gateway/rest-api.ts';
import { type GatewayServerOptions, startGatewayServer } from '../gateway/server.ts';
import type { Invoke } from '../lambda/invocation.ts';
import type { LoopbackServer } from '../loopback.ts';
import { type Distribution, viewerRequestEvent } from './event.ts';
import { isDisallowed } from './header-rules.ts';
import { type OriginRequest, readResult } from './result.ts';
import { wireValueOf } from './wire-text.ts';

const DOMAIN_NAME = 'd111111abcdef8.cloudfront.net';

export type CloudFrontOptions = Omit<GatewayServerOptions, 'gateway' | 'domainName' | 'websocket'> & {
  /** The function on viewer requests. */
  readonly invoke: Invoke;
  readonly origin: Backend;
  /** Show the function request bodies; false where missing, as in CloudFront. */
  readonly includeBody?: boolean;
  /** The name that clients use; a name of CloudFront's own where missing. */
  readonly domainName?: string;
  /** Told why CloudFront answers 502 or 503 by itself. */
  readonly onProblem?: (problem: string) => void;
};

const page = (status: number, title: string, cause: string): GatewayReply => ({
  status,
  headers: [
    ['Content-Type', 'text/html'],
    ['Server', 'CloudFront'],
    ['X-Cache', `${cause} from cloudfront`],
  ],
  body: Buffer.from(`<HTML><HEAD><TITLE>ERROR: ${title}</TITLE></HEAD></HTML>\n`),
});

/** What CloudFront adds to a request on its way to the origin; Host and length are the backend's. */
const originHeaders = ({ headers }: OriginRequest, sourceIp: string, domainName: string): HeaderList => {
  const chain = headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  const own = ['x-forwarded-for', 'host', 'content-length', 'transfer-encoding', 'via'];
  return [
    ...headers.filter(([name]) => !own.includes(name.toLowerCase())),
    ['X-Forwarded-For', [...chain, sourceIp].join(', ')],
    ['Via', `1.1 ${domainName} (CloudFront)`],
    ['X-Amz-Cf-Id', randomBytes(32).toString('base64url')],
  ];
};

const onTheWire = (headers: HeaderList): HeaderList => headers.map(([name, value]) => [name, wireValueOf(value)]);

export const createDistribution = (options: CloudFrontOptions): Gateway => {
  const { invoke, origin, onProblem } = options;
  const distribution: Distribution = {
    id: 'EDFDVBD6EXAMPLE',
    domainName: options.domainName ?? DOMAIN_NAME,
    includeBody: options.includeBody ?? false,
  };
  const refuse = (status: 502 | 503, cause: string, problem: string): GatewayReply => {
    onProblem?.(`${status} ${cause}: ${problem}`);
    return page(status, 'The request could not be satisfied', cause);
  };

  return async (request, body) => {
    const event = viewerRequestEvent(request, body, distribution);
    const invoked = await invoke(event, { traceId: request.traceId });
    if (!invoked.ok) return refuse(503, 'LambdaExecutionError', `${invoked.errorType}: ${invoked.errorMessage}`);
    const [record] = event.Records;
    const before = record?.cf.request;
    if (before === undefined) return refuse(502, 'LambdaValidationError', 'the event has no request');
    const result = readResult(invoked.payload, before, distribution.includeBody);
    if (result.kind === 'illegal') return refuse(502, 'LambdaValidationError', result.problem);
    if (result.kind === 'response') {
      const { reply } = result;
      return {
        ...reply,
        headers: onTheWire([...reply.headers, ['X-Cache', 'LambdaGeneratedResponse from cloudfront']]),
      };
    }
    const reply = await origin({
      method: request.method,
      path: result.request.uri,
      query: result.request.querystring,
      headers: onTheWire(originHeaders(result.request, request.sourceIp, distribution.domainName)),
      body: result.request.body ?? body,
    });
    if (reply === undefined) return refuse(502, 'Error', 'the origin cannot be reached');
    const shown = reply.headers.filter(([name]) => !isDisallowed(name.toLowerCase()));
    return { ...reply, headers: [...shown, ['X-Cache', 'Miss from cloudfront']] };
  };
};

/** Starts a distribution; port 0 or none takes any free port. */
export const startCloudFront = (options: CloudFrontOptions): Promise<LoopbackServer> =>
  startGatewayServer({
    ...options,
    gateway: createDistribution(options),
    domainName: options.domainName ?? DOMAIN_NAME,
  });
