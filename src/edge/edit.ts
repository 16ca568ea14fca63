/** A permit's changes -> the request that CloudFront sends on; what CloudFront does not let us change stays undone. */
import type { Permit, UnappliedChange } from '../decision.ts';
import { type Fields, fieldsOf } from '../fields.ts';
import type { HeaderLine } from '../request.ts';
import { headerMap } from './headers.ts';
import { isEditable, isSendable, LARGEST_BYTES, LONGEST_URI } from './limits.ts';

/** CloudFront's request, edited. */
export type EditedRequest = Fields;

/**
 * The echoed URL's path and query: `URL` leaves nothing in them that CloudFront would refuse, but their length.
 * Those of a URL with another scheme or host are another resource's.
 */
const target = ({ echo, changes }: Permit): { readonly uri: string; readonly querystring: string } | undefined => {
  const elsewhere = changes.some(({ kind }) => kind === 'url');
  const url = echo === undefined || elsewhere ? null : URL.parse(echo.url);
  if (url === null || url.pathname.length + url.search.length >= LONGEST_URI) return undefined;
  return { uri: url.pathname, querystring: url.search.slice(1) };
};

const linesOf = ({ headers }: Permit, name: string): readonly HeaderLine[] =>
  headers.filter(([candidate]) => candidate.toLowerCase() === name);

const canApply = (permit: Permit, { kind, name }: UnappliedChange, editsBody: boolean): boolean => {
  if (name !== undefined) return isEditable(name) && linesOf(permit, name).every(isSendable);
  if (kind === 'path' || kind === 'query') return target(permit) !== undefined;
  return kind === 'body' && editsBody && Buffer.byteLength(permit.echo?.body ?? '') <= LARGEST_BYTES;
};

/**
 * The changes that stay undone: the method, the host, read-only and disallowed headers, and what is too large.
 * @param editsBody whether the body was sent: only then is a different one the policy's doing.
 */
export const unappliedChanges = (permit: Permit, editsBody: boolean): readonly UnappliedChange[] =>
  permit.changes.filter(change => !canApply(permit, change, editsBody));

const editedHeaders = (request: Fields, permit: Permit, names: readonly string[]): Fields => {
  const kept = Object.entries(fieldsOf(request['headers']) ?? {}).filter(
    ([name]) => !names.includes(name.toLowerCase()),
  );
  const set = names.flatMap(name => linesOf(permit, name)).map(([name, value]) => [name, value.trim()] as const);
  return { ...Object.fromEntries(kept), ...headerMap(set) };
};

/** The request as the permit wants it, as far as that can be; the very same object where nothing changes. */
export const edited = (request: Fields, permit: Permit, editsBody: boolean): EditedRequest => {
  const changes = permit.changes.filter(change => canApply(permit, change, editsBody));
  if (changes.length === 0) return request;
  const changed = (kind: UnappliedChange['kind']): boolean => changes.some(change => change.kind === kind);
  const names = changes.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const { uri, querystring } = target(permit) ?? {};
  return {
    ...request,
    ...(names.length === 0 ? {} : { headers: editedHeaders(request, permit, names) }),
    ...(changed('path') ? { uri } : {}),
    ...(changed('query') ? { querystring } : {}),
    ...(changed('body')
      ? { body: { inputTruncated: false, action: 'replace', encoding: 'text', data: permit.echo?.body ?? '' } }
      : {}),
  };
};
