/** The request body of a CloudFront event as the policy may see it: whole and as text, or not at all. */
import { type Members, membersOrNone } from '../domain/json.ts';
import { invalid } from '../lambda/event-fields.ts';

export interface BodySettings {
  readonly sendBody: boolean;
  readonly onIncompleteBody: 'deny' | 'omit';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const incomplete = (detail: string, { onIncompleteBody }: BodySettings): undefined => {
  if (onIncompleteBody === 'deny') throw invalid(detail);
};

/** Undefined where the bytes are not UTF-8. */
const decoded = (encoding: unknown, data: string): string | undefined => {
  if (encoding === 'text') return data;
  if (encoding !== 'base64' || !BASE64.test(data)) throw invalid("the event's body is not encoded as it says");
  try {
    return utf8.decode(Buffer.from(data, 'base64'));
  } catch {
    return undefined;
  }
};

/** Without Include Body CloudFront shows no body, and only these say that there may be one. */
const mayHaveBody = (method: string, headers: Members): boolean =>
  /^(?:POST|PUT|PATCH)$/i.test(method) || 'content-length' in headers || 'transfer-encoding' in headers;

/**
 * The body to send to PingOne; undefined where there is none, or none is to be sent.
 * @throws AuthorizerError `INVALID_REQUEST` for a malformed one, and for one that is not there whole unless that is allowed.
 */
export const readBody = (request: Members, method: string, settings: BodySettings): string | undefined => {
  if (!settings.sendBody) return undefined;
  const body = request['body'] ?? undefined;
  if (body === undefined) {
    if (!mayHaveBody(method, membersOrNone(request['headers']))) return undefined;
    return incomplete('CloudFront shows no request body: Include Body is off', settings);
  }
  const { inputTruncated: truncated, encoding, data } = membersOrNone(body);
  if (typeof truncated !== 'boolean' || typeof data !== 'string') throw invalid("the event's body is malformed");
  if (truncated) return incomplete('the request body is larger than CloudFront shows', settings);
  const text = decoded(encoding, data);
  if (text === undefined) return incomplete('the request body is not UTF-8 text', settings);
  return text === '' ? undefined : text;
};
