/** A client's request as it reaches API Gateway: bytes as sent, nothing interpreted yet. */
import type { APIGatewayEventClientCertificate } from 'aws-lambda';

export type HeaderList = readonly (readonly [name: string, value: string])[];

export type GatewayRequest = {
  readonly method: string;
  /** Path and query as the client typed them. */
  readonly target: string;
  /** In the order and case in which they came. */
  readonly headers: HeaderList;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly timeMs: number;
  /** `Root=...`, what API Gateway puts into X-Amzn-Trace-Id. */
  readonly traceId: string;
  readonly clientCertificate?: APIGatewayEventClientCertificate;
};

export type GatewayReply = {
  readonly status: number;
  /** What the status line says after the number; Node's own words where missing. */
  readonly statusText?: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
};

export const jsonReply = (status: number, body: unknown, headers: HeaderList = []): GatewayReply => ({
  status,
  headers: [['content-type', 'application/json'], ...headers],
  body: Buffer.from(JSON.stringify(body)),
});

export const splitTarget = (target: string): { readonly path: string; readonly query: string } => {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
};

/** Percent-decoding that leaves alone what is not valid, as a gateway must. */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Decoded pairs in order; `+` is a space. */
export const parseQuery = (query: string): HeaderList =>
  query
    .split('&')
    .filter(part => part !== '')
    .map(part => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
    });

export const valuesOf = (headers: HeaderList, name: string): readonly string[] =>
  headers.filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

export const lastValue = (headers: HeaderList, name: string): string | undefined => valuesOf(headers, name).at(-1);

/** Every value under the name that was seen first; `sameName` decides what is one name. */
export const multiMap = (pairs: HeaderList, sameName: (name: string) => string): Record<string, string[]> => {
  const names = new Map<string, string>();
  const map: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    const key = names.get(sameName(name)) ?? name;
    names.set(sameName(name), key);
    map[key] = [...(map[key] ?? []), value];
  }
  return map;
};

export const mapValues = (
  map: Readonly<Record<string, readonly string[]>>,
  pick: (values: readonly string[]) => string,
): Record<string, string> => Object.fromEntries(Object.entries(map).map(([name, values]) => [name, pick(values)]));

export const last = (values: readonly string[]): string => values.at(-1) ?? '';
export const commaJoined = (values: readonly string[]): string => values.join(',');

/** Common log format, as in requestTime. */
export const commonLogTime = (timeMs: number): string => {
  const [, day, month, year, time] = new Date(timeMs).toUTCString().split(/,? /);
  return `${day}/${month}/${year}:${time} +0000`;
};
