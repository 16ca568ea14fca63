/** A request as a REST API shows it to its authorizer. */
import { randomUUID } from 'node:crypto';
import type { HeaderLine } from '../../src/domain/request.ts';

/** An address that belongs to nobody (RFC 5737), for requests that name no source address. */
export const UNNAMED_CLIENT = '192.0.2.1';

export interface ClientRequest {
  readonly method: string;
  /** Absolute, `https:`. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly sourceIp: string;
}

/** The event. Host and X-Forwarded-For are there as API Gateway adds them. */
export const restEvent = ({ method, url, headers, sourceIp }: ClientRequest): object => {
  const { host, pathname, searchParams } = new URL(url);
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  const added: readonly HeaderLine[] = [
    ['Host', host],
    ['X-Forwarded-For', sourceIp],
  ];
  return {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-east-1:123456789012:command/test/GET/',
    resource: '/{proxy+}',
    path: pathname,
    httpMethod: method,
    multiValueHeaders: multiMap([...headers, ...added.filter(([name]) => !own.has(name.toLowerCase()))]),
    multiValueQueryStringParameters: multiMap([...searchParams]),
    requestContext: { path: pathname, domainName: host, requestId: randomUUID(), identity: { sourceIp } },
  };
};

function multiMap(pairs: readonly HeaderLine[]): Readonly<Record<string, readonly string[]>> {
  const map = new Map<string, string[]>();
  for (const [name, value] of pairs) map.set(name, [...(map.get(name) ?? []), value]);
  return Object.fromEntries(map);
}
