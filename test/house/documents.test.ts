/** Documents and comments point only to files, folders and headings that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source.ts';

const below = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map(path => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter(path => ending.test(path) && !path.includes('/node_modules/'));

const DOCUMENTS = [
  ...readdirSync(ROOT).filter(name => name.endsWith('.md')),
  ...below('docs', /\.md$/),
  ...below('deploy', /\.md$/),
];
const CODE = ['src', 'cli', 'local', 'bench', 'scripts', 'deploy', 'proof', 'test'].flatMap(folder =>
  below(folder, /\.(?:ts|mjs|ya?ml|py)$/),
);

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/^#+ (?<heading>.+)$/gm)].map(({ groups }) => anchorOf(groups?.['heading'] ?? ''));

/** Undefined if the path exists, and its heading too. */
const missing = (link: string): string | undefined => {
  const [path = '', anchor] = link.split('#');
  if (!existsSync(`${ROOT}${path}`)) return `${path} is not there`;
  return anchor === undefined || anchorsOf(path).includes(anchor) ? undefined : `${path} has no heading #${anchor}`;
};

describe.each(DOCUMENTS)('%s', document => {
  const text = read(document);

  it('links only to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?<link>[^)\s]+)\)/g)].map(({ groups }) => groups?.['link'] ?? '');
    const own = links.filter(link => !/^[a-z]+:/.test(link));
    const paths = own.map(link =>
      link.startsWith('#') ? `${document}${link}` : posix.join(posix.dirname(document), link),
    );
    expect(paths.flatMap(path => missing(path) ?? [])).toEqual([]);
  });

  it('names only folders and files that exist', () => {
    const named = [
      ...text.matchAll(/`(?<path>(?:src|cli|local|bench|scripts|deploy|test|dashboards|docs)\/[\w./-]*)`/g),
    ];
    const paths = named.map(({ groups }) => groups?.['path'] ?? '');
    const all = [...CODE, ...DOCUMENTS, ...below('dashboards', /./)];
    // `test/house/dashboards` stands for all the files that begin so. Reports are generated and not in git.
    const gone = paths.filter(
      path =>
        !existsSync(`${ROOT}${path}`) && !all.some(file => file.startsWith(path)) && !/^bench\/results/.test(path),
    );
    expect(gone).toEqual([]);
  });
});

describe('a comment', () => {
  it('points only to documents and headings that exist', () => {
    const lost = CODE.flatMap(path =>
      [...read(path).matchAll(/docs\/[\w-]+\.md(?:#[\w-]*\w)?/g)].flatMap(([link]) => {
        const problem = missing(link);
        return problem === undefined ? [] : `${path}: ${problem}`;
      }),
    );
    expect(lost).toEqual([]);
  });
});

describe('code and documents', () => {
  it('cite no document outside the repository', () => {
    const outside = /\bfacts\/|\bcontract,? section|\bissue \d|\bdesign\.md/;
    expect([...CODE, ...DOCUMENTS].filter(path => outside.test(read(path)))).toEqual([]);
  });
});
