/** What CloudFront allows a viewer-request function; whatever breaks these rules is answered 502 by CloudFront. Source: CloudFront guide, restrictions on edge functions. */
import type { HeaderLine } from '../domain/request.ts';

/** A generated response with its headers, and a body that replaces the request's. */
export const LARGEST_BYTES = 40 * 1024;
/** Path and query together stay below this. */
export const LONGEST_URI = 8192;

const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-(?:auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

/** Readable and neither to be set nor removed; CloudFront writes the lengths and codings of what it sends itself. */
const READ_ONLY: ReadonlySet<string> = new Set(['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via']);

/** Added by CloudFront alone; what a client sent of it may be removed. */
const CLOUDFRONT_ONLY: ReadonlySet<string> = new Set(['cloudfront-viewer-country']);

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What no UTF-8 text on one line holds: half a character, a control character but the tab, a line separator. */
const UNSENDABLE = /[^\P{Cc}\t]|[\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether CloudFront shows a client's header of this lower-case name to functions. */
export const isShown = (name: string): boolean => !DISALLOWED.test(name);

/** Whether CloudFront refuses a request in which a function changed or removed the header of this lower-case name. */
export const isReadOnly = (name: string): boolean => READ_ONLY.has(name);

/** Whether a header line may stand in what a function returns. */
export const isSendable = ([name, value]: HeaderLine): boolean => isSettable(name) && !UNSENDABLE.test(value);

/** The name is judged as it is written: lower case makes ASCII of a Kelvin sign. */
function isSettable(name: string): boolean {
  const lower = name.toLowerCase();
  return TOKEN.test(name) && !DISALLOWED.test(lower) && !READ_ONLY.has(lower) && !CLOUDFRONT_ONLY.has(lower);
}
