/** Puts a generated section between its markers in a document, or with `--check` says whether it is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);

/** Puts the section into a README; ends the process on a missing marker or, checking, a stale section. */
export const putSection = (name: string, content: string, remedy: string, document: string): void => {
  const file = new URL(document, ROOT);
  const text = readFileSync(file, 'utf8');
  const section = withSection(text, name, content);
  if (section === undefined) {
    console.error(`${document} lacks the markers of the section "${name}".`);
    process.exit(1);
  }
  putFresh(file, text, section, `${document}: the section "${name}" is stale. ${remedy}`);
};

/** The text with this content between `<!-- name:start -->` and `<!-- name:end -->`; undefined if it lacks the markers. */
export const withSection = (text: string, name: string, content: string): string | undefined => {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from + start.length)}\n${content.trim()}\n${text.slice(to)}`;
};

/** Writes a file that is wholly generated; ends the process when it is stale and `--check` only asks. */
export const putFile = (path: string, content: string, remedy: string): void => {
  const file = new URL(path, ROOT);
  putFresh(file, existsSync(file) ? readFileSync(file, 'utf8') : undefined, content, `${path} is stale. ${remedy}`);
};

function putFresh(file: URL, now: string | undefined, fresh: string, complaint: string): void {
  if (fresh === now) return;
  if (process.argv.includes('--check')) {
    console.error(complaint);
    process.exit(1);
  }
  writeFileSync(file, fresh);
}
