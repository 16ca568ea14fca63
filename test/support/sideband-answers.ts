/** Turns an answer into the HTTP reply that PingOne's sideband service would send, with its echo. */
import type { Answer, DenyAnswer, EchoEdits, HeaderLine } from './behaviours.ts';

/** A reply that is ready to be sent. */
export interface HttpReply {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
}

/** The parsed body of a sideband call. `sidebandViolations` checks its members. */
export type SidebandBody = Readonly<Record<string, unknown>>;

export const CORRELATION_ID = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

const JSON_HEADERS: readonly HeaderLine[] = [['Content-Type', 'application/json']];

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isHeaderEntry = (entry: unknown): boolean =>
  isObject(entry) && Object.keys(entry).length === 1 && Object.values(entry).every(value => typeof value === 'string');

/** The violations of the protocol in a sideband call: docs/protocol.md#request. */
export const sidebandViolations = (body: unknown): readonly string[] => {
  if (!isObject(body)) return ['the body is not one JSON object'];
  const port = body['source_port'];
  const wrong = [
    ...['source_ip', 'method', 'url', 'http_version']
      .filter(name => typeof body[name] !== 'string')
      .map(name => `${name} is not a string`),
    ...(typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535
      ? []
      : ['source_port is not a port number']),
  ];
  const headers = body['headers'];
  if (!Array.isArray(headers) || !headers.every(isHeaderEntry)) {
    wrong.push('headers is not an array of objects of one name and one string value');
  }
  if (typeof body['url'] === 'string' && !URL.canParse(body['url'])) wrong.push('url is not an absolute URL');
  return wrong;
};

const named = (entry: unknown, names: readonly string[]): boolean =>
  isObject(entry) && Object.keys(entry).some(name => names.includes(name.toLowerCase()));

const headerEntries = (lines: readonly HeaderLine[]): Record<string, string>[] =>
  lines.map(([name, value]) => ({ [name]: value }));

/** The echo of a request, with the policy's changes. */
export const echo = (request: SidebandBody, edits: EchoEdits = {}): Record<string, unknown> => {
  const { set = [], add = [], remove = [], ...members } = edits;
  const gone = [...remove, ...set.map(([name]) => name)].map(name => name.toLowerCase());
  const headers = Array.isArray(request['headers']) ? request['headers'] : [];
  return {
    ...request,
    headers: [...headers.filter(entry => !named(entry, gone)), ...headerEntries(set), ...headerEntries(add)],
    ...members,
  };
};

const denial = (answer: DenyAnswer): Record<string, unknown> => {
  const code = answer.code === undefined ? '403' : answer.code;
  const headers = answer.headers === undefined ? [] : answer.headers;
  return {
    ...(code === null ? {} : { response_code: code }),
    response_status: answer.statusText ?? 'Forbidden',
    http_version: '1.1',
    ...(headers === null ? {} : { headers: headerEntries(headers) }),
    ...(answer.body === undefined ? {} : { body: answer.body }),
  };
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** HTTP 200 with a JSON body, the service's answer to every valid call. */
export const jsonReply = (body: string | Buffer, headers: readonly HeaderLine[] = []): HttpReply => ({
  status: 200,
  headers: [...JSON_HEADERS, ['Correlation-Id', CORRELATION_ID], ...headers],
  body: Buffer.from(body),
});

/** PingOne's error body, for a status that is not 200. */
export const errorReply = (status: number, code: string, message: string): HttpReply => ({
  status,
  headers: JSON_HEADERS,
  body: json({ id: CORRELATION_ID, code, message }),
});

/** The reply for an answer to this request. */
export const renderAnswer = (answer: Answer, request: SidebandBody): HttpReply => {
  switch (answer.kind) {
    case 'permit':
      return jsonReply(json(echo(request, answer.edits)), answer.headers);
    case 'deny':
      return jsonReply(json({ ...echo(request), response: denial(answer) }), answer.replyHeaders);
    case 'reply':
      return {
        status: answer.status,
        headers: answer.headers ?? JSON_HEADERS,
        body: answer.body === undefined ? json(echo(request)) : Buffer.from(answer.body),
      };
  }
};
