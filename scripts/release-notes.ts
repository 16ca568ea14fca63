/** The changelog at a release: what is under Unreleased becomes the section of a version. */

const HEADING = '## Unreleased';
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** The changelog with the version's section under an empty Unreleased. Throws if nothing is unreleased. */
export function released(changelog: string, version: string, date: string): string {
  const [head, section, rest] = split(changelog, HEADING);
  if (section.trim() === '') throw new Error('CHANGELOG.md has nothing under Unreleased.');
  return `${head}${HEADING}\n\n## ${version} - ${date}\n\n${section.trim()}\n${rest === '' ? '' : `\n${rest}`}`;
}

/** What the changelog says of a version, for the release's page. Throws if it says nothing. */
export function notesOf(changelog: string, version: string): string {
  const heading = changelog.split('\n').find(line => line.startsWith(`## ${version} - `));
  if (heading === undefined) throw new Error(`CHANGELOG.md has no section for ${version}.`);
  const [, section] = split(changelog, heading);
  return `${section.trim()}\n`;
}

/** Throws unless the next version is three numbers and not older than the present one. */
export function newerThan(present: string, next: string): void {
  if (!VERSION.test(next)) throw new Error(`--version must be three numbers such as 1.2.3, and is "${next}".`);
  const [then, now] = [present, next].map(version => version.split('.').map(Number)) as [number[], number[]];
  const at = now.findIndex((number, index) => number !== then[index]);
  if (at >= 0 && (now[at] ?? 0) < (then[at] ?? 0)) throw new Error(`${next} is older than ${present} in package.json.`);
}

/** What stands before a heading, below it, and from the next heading of its level on. */
function split(changelog: string, heading: string): readonly [string, string, string] {
  const from = changelog.indexOf(`${heading}\n`);
  if (from < 0) throw new Error(`CHANGELOG.md has no heading "${heading}".`);
  const below = changelog.slice(from + heading.length + 1);
  const next = below.search(/^## /m);
  const end = next < 0 ? below.length : next;
  return [changelog.slice(0, from), below.slice(0, end), below.slice(end)];
}
