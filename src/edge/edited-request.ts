/** A permit's changes -> the request that CloudFront sends on; what CloudFront does not let us change stays undone. */

import type { Permit, UnappliedChange } from '../domain/decision.ts';
import { type Members, membersOrNone } from '../domain/json.ts';
import type { HeaderLine } from '../domain/request.ts';
import { isReadOnly, isSendable, LARGEST_BYTES, LONGEST_URI } from './function-restrictions.ts';
import { headerMap } from './header-maps.ts';

/** CloudFront's request, edited. */
export type EditedRequest = Members;

/**
 * The changes that stay undone: the method, the host, read-only headers, and values that cannot be sent or are too large.
 * @param editsBody whether the body was sent: only then is a different one the policy's doing.
 */
export const unappliedChanges = (permit: Permit, editsBody: boolean): readonly UnappliedChange[] =>
  editsOf(permit, editsBody).undone;

/**
 * The request as the permit wants it, as far as that can be; what it does not change is the very same object. A header that
 * the permit changed is never the client's: where the permit's value cannot be sent, the request goes on without that header.
 */
export const edited = (request: Members, permit: Permit, editsBody: boolean): EditedRequest => {
  const { dropped, set, target, body } = editsOf(permit, editsBody);
  return {
    ...request,
    ...(dropped.size === 0 ? {} : { headers: editedHeaders(request, dropped, set) }),
    ...target,
    ...(body === undefined ? {} : { body: { inputTruncated: false, action: 'replace', encoding: 'text', data: body } }),
  };
};

/** What becomes of a permit's changes. */
interface Edits {
  /** Lower-case names of the headers of which nothing that the client sent may go on. */
  readonly dropped: ReadonlySet<string>;
  /** What the permit has in their place. */
  readonly set: readonly HeaderLine[];
  readonly target: Target | undefined;
  readonly body: string | undefined;
  readonly undone: readonly UnappliedChange[];
}

interface Target {
  readonly uri?: string;
  readonly querystring?: string;
}

function editsOf(permit: Permit, editsBody: boolean): Edits {
  const lines = linesByName(permit.headers);
  const [url, body] = [changedUrlOf(permit), editsBody ? bodyOf(permit) : undefined];
  const dropped = new Set<string>();
  const set: HeaderLine[] = [];
  const undone: UnappliedChange[] = [];
  let target: Target | undefined;
  let replaced: string | undefined;
  for (const change of permit.changes) {
    const { kind, name } = change;
    if (name !== undefined && !isReadOnly(name)) {
      dropped.add(name);
      const wanted = lines.get(name) ?? [];
      if (wanted.every(isSendable)) for (const [key, value] of wanted) set.push([key, value.trim()]);
      else undone.push(change);
    } else if (kind === 'path' && url !== undefined) target = { ...target, uri: url.pathname };
    else if (kind === 'query' && url !== undefined) target = { ...target, querystring: url.search.slice(1) };
    else if (kind === 'body' && body !== undefined) replaced = body;
    // The client's own body in the place of a policy's would be worse than no answer.
    else undone.push(kind === 'body' && editsBody ? { ...change, essential: true } : change);
  }
  return { dropped, set, target, body: replaced, undone };
}

function linesByName(headers: readonly HeaderLine[]): ReadonlyMap<string, readonly HeaderLine[]> {
  const byName = new Map<string, HeaderLine[]>();
  for (const line of headers) {
    const name = line[0].toLowerCase();
    const before = byName.get(name);
    if (before === undefined) byName.set(name, [line]);
    else before.push(line);
  }
  return byName;
}

/**
 * The echoed URL: `URL` leaves nothing in its path and query that CloudFront would refuse, but their length.
 * Path and query of a URL with another scheme or host are another resource's.
 */
function changedUrlOf({ echo, changes }: Permit): URL | undefined {
  const elsewhere = changes.some(({ kind }) => kind === 'url');
  const url = elsewhere ? null : URL.parse(echo.url);
  return url === null || url.pathname.length + url.search.length >= LONGEST_URI ? undefined : url;
}

function bodyOf({ echo }: Permit): string | undefined {
  const body = echo.body ?? '';
  return Buffer.byteLength(body) <= LARGEST_BYTES ? body : undefined;
}

function editedHeaders(request: Members, dropped: ReadonlySet<string>, set: readonly HeaderLine[]): Members {
  const own = Object.entries(membersOrNone(request['headers']));
  return { ...Object.fromEntries(own.filter(([name]) => !dropped.has(name.toLowerCase()))), ...headerMap(set) };
}
