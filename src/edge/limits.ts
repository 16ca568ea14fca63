/** What CloudFront allows a viewer-request function; whatever breaks these rules is answered 502 by CloudFront. Source: CloudFront guide, restrictions on edge functions. */
import type { HeaderLine } from '../request.ts';

/** A generated response with its headers, and a body that replaces the request's. */
export const LARGEST_BYTES = 40 * 1024;
/** Path and query together stay below this. */
export const LONGEST_URI = 8192;

const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-(?:auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

/** Readable and not to be touched; CloudFront writes the lengths and codings of what it sends itself. */
const READ_ONLY: ReadonlySet<string> = new Set(['content-length', 'host', 'transfer-encoding', 'via']);

/** Added by CloudFront alone. */
const CLOUDFRONT_ONLY: ReadonlySet<string> = new Set(['cloudfront-viewer-country']);

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;

/** Whether a function may set or remove a header of this lower-case name. */
export const isEditable = (name: string): boolean =>
  TOKEN.test(name) && !DISALLOWED.test(name) && !READ_ONLY.has(name) && !CLOUDFRONT_ONLY.has(name);

/** Whether a header line may stand in what a function returns. */
export const isSendable = ([name, value]: HeaderLine): boolean => isEditable(name.toLowerCase()) && VALUE.test(value);
