/** The Terraform files of deploy/terraform, parsed once for all its tests. */
import { readdirSync } from 'node:fs';
import { type Body, blocksOf, bodyOf, readModule } from '../../../scripts/terraform-files.ts';

export const FOLDER = new URL('../../../deploy/terraform/', import.meta.url);

export const MODULE = await readModule(FOLDER);

const names = readdirSync(new URL('examples/', FOLDER));
const parsed: { readonly name: string; readonly files: typeof MODULE }[] = [];
for (const name of names) parsed.push({ name, files: await readModule(new URL(`examples/${name}/`, FOLDER)) });

export const EXAMPLES = parsed;

/** The module and every example. */
export const ALL = [{ name: 'the module', files: MODULE }, ...EXAMPLES];

/** How Terraform writes an expression inside a string. */
export function expression(code: string): string {
  return `\${${code}}`;
}

/** Every string anywhere inside, with the keys that lead to it. */
export function texts(
  value: unknown,
  path: readonly string[] = [],
): readonly { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key]));
}

/** The blocks of this name in a body, plain and `dynamic` ones; an object argument counts as one block. */
export function blocksNamed(body: Body, name: string): readonly Body[] {
  const plain = Array.isArray(body[name]) ? blocksOf(body[name]) : name in body ? [bodyOf(body[name])] : [];
  const dynamic = blocksOf(bodyOf(body['dynamic'])[name]).flatMap(block => blocksOf(block['content']));
  return [...plain, ...dynamic];
}
