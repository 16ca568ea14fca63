/** What API Gateway takes from a request's headers and what it adds before anybody behind it sees them. */
import { type GatewayRequest, type HeaderList, lastValue, valuesOf } from './request.ts';

/** Dropped from REST invocations; facts recorded against AWS by LocalStack. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

const FORWARDED = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id', 'host']);

export const withoutHopByHop = (headers: HeaderList, keep: readonly string[] = []): HeaderList =>
  headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) || keep.includes(name.toLowerCase()));

/** The client's headers without hop-by-hop ones, plus what the gateway adds in its own Title-Case. */
export const gatewayHeaders = (request: GatewayRequest, keep: readonly string[] = []): HeaderList => {
  const host = lastValue(request.headers, 'host');
  const chain = [...valuesOf(request.headers, 'x-forwarded-for'), request.sourceIp].join(', ');
  const own = withoutHopByHop(request.headers, keep).filter(([name]) => !FORWARDED.has(name.toLowerCase()));
  return [
    ...own,
    ...(host === undefined ? [] : [['Host', host] as const]),
    ['X-Amzn-Trace-Id', request.traceId],
    ['X-Forwarded-For', chain],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
};
