/** What must not compile does not, and what must does: the compiler's word on fixtures that say what they expect. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** The compiler's exit says only that there were errors, which there must be. */
const compile = (): Promise<string> =>
  new Promise(resolve => {
    execFile(
      process.execPath,
      [TSC, '--project', FIXTURES, '--pretty', 'false'],
      { cwd: FIXTURES },
      (_, stdout, stderr) => resolve(stdout + stderr),
    );
  });

const expectedIn = (file: string): readonly string[] =>
  readFileSync(`${FIXTURES}${file}`, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      const code = /\/\/ error: (TS\d+)$/.exec(line)?.[1];
      return code === undefined ? [] : [`${file}:${at + 1} ${code}`];
    });

let output = '';
beforeAll(async () => {
  output = await compile();
}, 60_000);

const found = (): readonly string[] =>
  [...output.matchAll(/^(?:.*\/)?([\w-]+\.ts)\((\d+),\d+\): error (TS\d+)/gm)].map(
    ([, file, line, code]) => `${file}:${line} ${code}`,
  );

describe('the compiler', () => {
  it.each(readdirSync(FIXTURES).filter(file => file.endsWith('.ts')))(
    'refuses in %s what it says, and nothing else',
    file => {
      const expected = expectedIn(file);
      expect(expected.length).toBeGreaterThan(0);
      expect(found().filter(error => error.startsWith(`${file}:`))).toEqual(expected);
    },
  );

  it('finds no fault anywhere else', () => {
    const all = readdirSync(FIXTURES).flatMap(file => (file.endsWith('.ts') ? expectedIn(file) : []));
    expect([...found()].sort()).toEqual([...all].sort());
    expect(output).not.toMatch(/error TS(?:5|6|18)\d{3}/);
  });
});
