/** The changes that a permit asks for: the differences between its echo and the request, except those without a meaning. */
import type { Change } from '../domain/decision.ts';
import type { Members } from '../domain/json.ts';
import type { HeaderLine } from '../domain/request.ts';
import { headerLinesOf, ownString } from './reply-bytes.ts';
import type { SidebandRequest } from './wire.ts';

/** Headers of one hop. A proxy between us and PingOne may add or drop them, so they show nothing about a policy. */
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

/** Compares a permit's echo with the request that it answers. An empty body equals no body. */
export const changesOf = (asked: SidebandRequest, echo: Members): readonly Change[] => {
  const changes: Change[] = [];
  if (ownString(echo, 'method')?.toUpperCase() !== asked.method) changes.push({ kind: 'method' });
  changes.push(...urlChanges(asked.url, ownString(echo, 'url') ?? ''));
  if ((ownString(echo, 'body') ?? '') !== (asked.body ?? '')) changes.push({ kind: 'body' });
  changes.push(...headerChanges(headerLinesOf(asked.headers), headerLinesOf(echo['headers'])));
  return changes;
};

/** `URL` drops a default port, lower-cases the host and resolves dot segments: `https://A:443/x/../b` is `https://a/b`. */
function urlChanges(asked: string, echoed: string): readonly Change[] {
  if (asked === echoed) return [];
  const [before, after] = [URL.parse(asked), URL.parse(echoed)];
  if (before === null || after === null) return [{ kind: 'url' }];
  const changes: Change[] = [];
  if (authorityOf(before) !== authorityOf(after)) changes.push({ kind: 'url' });
  if (canonicalPath(before.pathname) !== canonicalPath(after.pathname)) changes.push({ kind: 'path' });
  if (!sameQuery(before, after)) changes.push({ kind: 'query' });
  return changes;
}

/** Scheme, host and port. User name and password count too: our requests have none, so an echo with one was changed. */
function authorityOf({ origin, username, password }: URL): string {
  return `${origin} ${username}:${password}`;
}

/** One spelling for equivalent paths: escapes in upper case, and no escape of a character that needs none (RFC 3986, 6.2.2). */
function canonicalPath(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, escaped => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
  });
}

/** Whether two queries have the same names and values in the same order. Equivalent encodings count as the same. */
function sameQuery({ search: asked }: URL, { search: echoed }: URL): boolean {
  if (asked === echoed) return true;
  const [before, after] = [parametersIn(asked), parametersIn(echoed)];
  return (
    before.length === after.length &&
    before.every(
      (parameter, index) =>
        parameter === after[index] || canonicalParameter(parameter) === canonicalParameter(after[index] ?? ''),
    )
  );
}

function parametersIn(search: string): readonly string[] {
  return search
    .slice(1)
    .split('&')
    .filter(parameter => parameter !== '');
}

/** One spelling for equivalent parameters. Without the `&`, a leading `?` would be dropped as the query's own. */
function canonicalParameter(parameter: string): string {
  return new URLSearchParams(`&${parameter}`).toString();
}

function headerChanges(asked: readonly HeaderLine[], echoed: readonly HeaderLine[]): readonly Change[] {
  const [before, after] = [byName(asked), byName(echoed)];
  const changes: Change[] = [];
  for (const [name, value] of before) {
    if (!after.has(name)) changes.push({ kind: 'header-removed', name });
    else if (after.get(name) !== value) changes.push({ kind: 'header-replaced', name });
  }
  for (const name of after.keys()) if (!before.has(name)) changes.push({ kind: 'header-added', name });
  return changes;
}

/** Lower-case name -> values in order, without headers of one hop. */
function byName(headers: readonly HeaderLine[]): ReadonlyMap<string, string> {
  const grouped = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (HOP_BY_HOP.has(key)) continue;
    const before = grouped.get(key);
    grouped.set(key, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return grouped;
}
