/** Reads the files of src/ for the house rules: their imports, and their code without comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  /** As written: `./x.ts`, `node:http`, `opossum`. */
  readonly specifier: string;
  /** Path below src/, if it is one of our own files. */
  readonly file: string | undefined;
  /** A type import, which is gone at run time. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** Below src/. */
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
}

const STATEMENT = /^(?:import|export)\s+(?<type>type\s+)?(?:[^'";]*?\sfrom\s+)?'(?<from>[^']+)'/gm;
const DYNAMIC = /\bimport\('(?<from>[^']+)'\)/g;

export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

export const importsOf = (path: string, code: string): readonly Import[] =>
  [...code.matchAll(STATEMENT), ...code.matchAll(DYNAMIC)].map(({ groups }) => {
    const specifier = groups?.['from'] ?? '';
    const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    return { specifier, file, typeOnly: groups?.['type'] !== undefined };
  });

const readSource = (path: string): SourceFile => {
  const text = readFileSync(`${ROOT}src/${path}`, 'utf8');
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(path, code) };
};

/** Every TypeScript file below a folder of the project, as paths below it. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.ts') && !path.includes('node_modules/'))
    .sort();

export const SOURCES: readonly SourceFile[] = filesBelow('src').map(readSource);

/** The package of a bare specifier: `@scope/name/deep` -> `@scope/name`. */
export const packageOf = (specifier: string): string | undefined =>
  specifier.startsWith('.') || specifier.startsWith('node:') ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];

/** The folders of the project's own code. */
export const FOLDERS = ['src', 'cli', 'proof', 'local', 'bench', 'deploy', 'scripts', 'dashboards', 'test'];

/** Every loop of imports, types included, in the files below a folder. */
export const loopsIn = (folder: string): readonly string[] => {
  const graph = new Map(
    filesBelow(folder).map(path => {
      const code = withoutComments(readFileSync(`${ROOT}${folder}/${path}`, 'utf8'));
      return [path, importsOf(path, code).flatMap(({ file }) => file ?? [])] as const;
    }),
  );
  const done = new Set<string>();
  const loops: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) loops.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (trail.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return loops;
};
