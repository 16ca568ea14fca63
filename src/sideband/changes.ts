/** What a permit's echo changed against what was asked, after normalising what carries no meaning. */
import type { UnappliedChange } from '../domain/decision.ts';
import type { HeaderLine } from '../domain/request.ts';
import { headerLinesOf, type Members, ownString } from './json.ts';
import type { SidebandRequest } from './wire.ts';

/** Headers of one hop: a service between may drop or add them without any policy's doing. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Lower-case name -> values in order, without headers of one hop. */
const byName = (headers: readonly HeaderLine[]): ReadonlyMap<string, string> => {
  const grouped = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (HOP_BY_HOP.has(key)) continue;
    const before = grouped.get(key);
    grouped.set(key, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return grouped;
};

const headerChanges = (asked: readonly HeaderLine[], echoed: readonly HeaderLine[]): readonly UnappliedChange[] => {
  const [before, after] = [byName(asked), byName(echoed)];
  const changes: UnappliedChange[] = [];
  for (const [name, value] of before) {
    if (!after.has(name)) changes.push({ kind: 'header-removed', name });
    else if (after.get(name) !== value) changes.push({ kind: 'header-replaced', name });
  }
  for (const name of after.keys()) if (!before.has(name)) changes.push({ kind: 'header-added', name });
  return changes;
};

/** The same names and values in the same order, whichever of their equivalent encodings they are written in. */
const sameQuery = ({ search: asked }: URL, { search: echoed }: URL): boolean => {
  if (asked === echoed) return true;
  const [before, after] = [parametersIn(asked), parametersIn(echoed)];
  return (
    before.length === after.length &&
    before.every((parameter, index) => parameter === after[index] || decoded(parameter) === decoded(after[index] ?? ''))
  );
};

const parametersIn = (search: string): readonly string[] =>
  search
    .slice(1)
    .split('&')
    .filter(parameter => parameter !== '');

/** One parameter in one spelling. The `&` keeps a leading `?` from being taken for the query's own. */
const decoded = (parameter: string): string => new URLSearchParams(`&${parameter}`).toString();

/** Equivalent spellings of a path made one: upper-case escapes, and none where the character needs none (RFC 3986, 6.2.2). */
const canonicalPath = (path: string): string =>
  path.replace(/%[0-9a-f]{2}/gi, escaped => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
  });

/** Scheme, host and port; user names and passwords too, which no request of ours has. */
const authorityOf = ({ origin, username, password }: URL): string => `${origin} ${username}:${password}`;

/** `URL` drops a default port, lower-cases the host and resolves dot segments: `https://A:443/x/../b` is `https://a/b`. */
const urlChanges = (asked: string, echoed: string): readonly UnappliedChange[] => {
  if (asked === echoed) return [];
  const [before, after] = [URL.parse(asked), URL.parse(echoed)];
  if (before === null || after === null) return [{ kind: 'url' }];
  const changes: UnappliedChange[] = [];
  if (authorityOf(before) !== authorityOf(after)) changes.push({ kind: 'url' });
  if (canonicalPath(before.pathname) !== canonicalPath(after.pathname)) changes.push({ kind: 'path' });
  if (!sameQuery(before, after)) changes.push({ kind: 'query' });
  return changes;
};

/** Compares a permit's echo with the request it answers. An empty body and none are one. */
export const changesOf = (asked: SidebandRequest, echo: Members): readonly UnappliedChange[] => {
  const changes: UnappliedChange[] = [];
  if (ownString(echo, 'method')?.toUpperCase() !== asked.method) changes.push({ kind: 'method' });
  changes.push(...urlChanges(asked.url, ownString(echo, 'url') ?? ''));
  if ((ownString(echo, 'body') ?? '') !== (asked.body ?? '')) changes.push({ kind: 'body' });
  changes.push(...headerChanges(headerLinesOf(asked.headers), headerLinesOf(echo['headers'])));
  return changes;
};
