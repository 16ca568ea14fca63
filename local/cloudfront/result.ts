/** What a viewer-request function returned, as CloudFront takes it: a request to go on with, a response, or nothing legal. */
import type { CloudFrontRequest } from 'aws-lambda';
import type { GatewayReply, HeaderList } from '../gateway/request.ts';
import { isRecord } from '../loopback.ts';
import { COUNTRY, type HeaderMap, isDisallowed, READ_ONLY, readHeaders, sameValues } from './header-rules.ts';

/** The request that goes to the origin. */
export type OriginRequest = {
  readonly uri: string;
  readonly querystring: string;
  readonly headers: HeaderList;
  /** Undefined where the client's own is sent. */
  readonly body: Buffer | undefined;
};

export type Result =
  | { readonly kind: 'request'; readonly request: OriginRequest }
  | { readonly kind: 'response'; readonly reply: GatewayReply }
  | { readonly kind: 'illegal'; readonly problem: string };

const GENERATED_BYTES = 40 * 1024;
const URI_CHARACTERS = 8192;
/** What a replaced body may have as it is returned. */
const REPLACED_BYTES = { text: 40 * 1024, base64: Math.floor(53.2 * 1024) };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const illegal = (problem: string): Result => ({ kind: 'illegal', problem });

const listOf = (headers: HeaderMap): HeaderList => [...headers.values()].flat();

const addedProblem = (headers: HeaderMap): string | undefined => {
  const name = [...headers.keys()].find(candidate => isDisallowed(candidate));
  return name === undefined ? undefined : `header ${name} is disallowed`;
};

const decode = (data: string, encoding: unknown): Buffer | undefined => {
  if (encoding === 'text' || encoding === undefined) return Buffer.from(data);
  return encoding === 'base64' && BASE64.test(data) ? Buffer.from(data, 'base64') : undefined;
};

const response = (result: Readonly<Record<string, unknown>>): Result => {
  const { status, statusDescription = '', body = '', bodyEncoding, headers: given = {} } = result;
  if (typeof status !== 'string' || !/^[2-5]\d\d$/.test(status)) return illegal('status is not text from 200 to 599');
  if (typeof statusDescription !== 'string' || !/^[\t\x20-\x7e]*$/.test(statusDescription)) {
    return illegal('statusDescription is not text for a status line');
  }
  const headers = readHeaders(given);
  if (typeof headers === 'string') return illegal(headers);
  const problem = addedProblem(headers);
  if (problem !== undefined) return illegal(problem);
  const readOnly = READ_ONLY.find(name => headers.has(name));
  if (readOnly !== undefined) return illegal(`header ${readOnly} is read-only`);
  if (typeof body !== 'string') return illegal('body is not a string');
  if (status === '204' && 'body' in result) return illegal('a 204 has a body');
  const bytes = decode(body, bodyEncoding);
  if (bytes === undefined) return illegal('the body is not encoded as it says');
  const lines = listOf(headers);
  const size = lines.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), bytes.length);
  if (size > GENERATED_BYTES) return illegal(`the response has ${size} bytes`);
  const described = statusDescription === '' ? {} : { statusText: statusDescription };
  return { kind: 'response', reply: { status: Number(status), ...described, headers: lines, body: bytes } };
};

const replacedBody = (body: unknown, includeBody: boolean): Buffer | undefined | string => {
  if (!isRecord(body) || body['action'] !== 'replace') return undefined;
  const { data, encoding } = body;
  if (!includeBody) return 'a body is replaced that the function was not shown';
  if (typeof data !== 'string') return 'the replaced body has no data';
  if (encoding !== 'text' && encoding !== 'base64') return 'the replaced body has no encoding';
  if (Buffer.byteLength(data) > REPLACED_BYTES[encoding]) return 'the replaced body is too large';
  return decode(data, encoding) ?? 'the replaced body is not encoded as it says';
};

const request = (
  result: Readonly<Record<string, unknown>>,
  before: CloudFrontRequest,
  includeBody: boolean,
): Result => {
  const { uri, querystring, method, clientIp } = result;
  if (method !== before.method || clientIp !== before.clientIp) return illegal('method and clientIp are read-only');
  if (typeof uri !== 'string' || !uri.startsWith('/')) return illegal('uri does not start with a slash');
  if (typeof querystring !== 'string') return illegal('querystring is not a string');
  if (querystring !== before.querystring && /[\s#\p{Cc}]/u.test(querystring))
    return illegal('querystring holds blanks, control characters or #');
  if (!uri.isWellFormed() || !querystring.isWellFormed()) return illegal('uri or querystring is not UTF-8');
  if (uri.length + querystring.length >= URI_CHARACTERS) return illegal('uri and querystring are too long');
  const [headers, own] = [readHeaders(result['headers']), readHeaders(before.headers)];
  if (typeof headers === 'string') return illegal(headers);
  const problem = addedProblem(headers);
  if (problem !== undefined) return illegal(problem);
  if (typeof own !== 'string') {
    const changed = READ_ONLY.find(name => !sameValues(headers.get(name), own.get(name)));
    if (changed !== undefined) return illegal(`header ${changed} is read-only`);
    const country = headers.get(COUNTRY);
    if (country !== undefined && !sameValues(country, own.get(COUNTRY)))
      return illegal(`header ${COUNTRY} is CloudFront’s`);
  }
  const body = replacedBody(result['body'], includeBody);
  if (typeof body === 'string') return illegal(body);
  return { kind: 'request', request: { uri, querystring, headers: listOf(headers), body } };
};

/** Judges what the function returned for `before`. */
export const readResult = (result: unknown, before: CloudFrontRequest, includeBody: boolean): Result => {
  if (!isRecord(result)) return illegal('the function returned no object');
  return 'status' in result ? response(result) : request(result, before, includeBody);
};
