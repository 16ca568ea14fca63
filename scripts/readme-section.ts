/** Puts a generated section between its markers in README.md, or with `--check` says whether it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../README.md', import.meta.url);

/** Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->`; ends the process on a missing marker or, checking, a stale section. */
export const putSection = (name: string, content: string, remedy: string): void => {
  const readme = readFileSync(README, 'utf8');
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) {
    console.error(`README.md lacks the markers ${start} and ${end}.`);
    process.exit(1);
  }
  const fresh = `${readme.slice(0, from + start.length)}\n${content.trim()}\n${readme.slice(to)}`;
  if (fresh === readme) return;
  if (process.argv.includes('--check')) {
    console.error(`README.md: the section "${name}" is stale. ${remedy}`);
    process.exit(1);
  }
  writeFileSync(README, fresh);
};
