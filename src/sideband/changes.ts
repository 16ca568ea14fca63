/** The changes that a permit asks for: the differences between its echo and the request, except those without a meaning. */
import type { Change, Echo } from '../domain/decision.ts';
import type { HeaderLine } from '../domain/request.ts';
import { headerLinesOf } from './reply-bytes.ts';
import type { SidebandRequest } from './wire.ts';

/** Headers of one hop. A proxy between us and PingOne may add or drop them, so they show nothing about a policy. */
const HOP_BY_HOP = [
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
];

/**
 * Compares a permit's echo with the request that it answers. An empty body equals no body.
 * @param headers the header lines of the echo.
 */
export const changesOf = (asked: SidebandRequest, echo: Echo, headers: readonly HeaderLine[]): readonly Change[] => {
  const changes: Change[] = [];
  if (echo.method.toUpperCase() !== asked.method) changes.push({ kind: 'method' });
  changes.push(...urlChanges(asked.url, echo.url));
  if ((echo.body ?? '') !== (asked.body ?? '')) changes.push({ kind: 'body' });
  changes.push(...headerChanges(headerLinesOf(asked.headers), headers));
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
  const [before, after] = [endToEndLines(asked), endToEndLines(echoed)];
  const changes: Change[] = [];
  for (const [name, lines] of before) {
    const now = after.get(name);
    if (now === undefined) changes.push({ kind: 'header-removed', name });
    else if (combinedValue(now) !== combinedValue(lines)) changes.push({ kind: 'header-replaced', name });
  }
  for (const name of after.keys()) if (!before.has(name)) changes.push({ kind: 'header-added', name });
  return changes;
}

/** Lower-case name -> lines in order, without headers of one hop. */
function endToEndLines(headers: readonly HeaderLine[]): ReadonlyMap<string, readonly HeaderLine[]> {
  const lines = Map.groupBy(headers, ([name]) => name.toLowerCase());
  for (const name of HOP_BY_HOP) lines.delete(name);
  return lines;
}

/** The lines of one name as one value: several lines mean the same as one line with commas (RFC 9110, 5.3). */
function combinedValue(lines: readonly HeaderLine[]): string {
  return lines.map(([, value]) => value.trim()).join(', ');
}
