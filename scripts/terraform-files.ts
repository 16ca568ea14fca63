/** Reads the files of a Terraform module as data. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';

export interface Variable {
  readonly name: string;
  /** As it is written: `list(string)`. */
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  /** Null stands for a variable that may be left out. */
  readonly byDefault: unknown;
  readonly sensitive: boolean;
  readonly validations: readonly { readonly condition: string; readonly message: string }[];
}

export interface Output {
  readonly name: string;
  readonly description: string;
  readonly value: unknown;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Module {
  readonly variables: readonly Variable[];
  readonly outputs: readonly Output[];
  readonly locals: Body;
  /** `aws_lambda_alias.live` -> its arguments and blocks. */
  readonly resources: ReadonlyMap<string, Body>;
  readonly dataSources: ReadonlyMap<string, Body>;
  readonly modules: ReadonlyMap<string, Body>;
  readonly settings: Body;
}

/** Reads all `.tf` files of the folder. Throws what the parser throws about a file that is not HCL. */
export async function readModule(folder: URL): Promise<Module> {
  const names = readdirSync(folder).filter(name => name.endsWith('.tf'));
  // The parser is one WebAssembly instance: one file after the other.
  const files: Body[] = [];
  for (const name of names) files.push(await parse(name, readFileSync(new URL(name, folder), 'utf8')));
  const labelled = (kind: string): ReadonlyMap<string, Body> =>
    new Map(files.flatMap(file => Object.entries(bodyOf(file[kind])).map(([name, blocks]) => [name, first(blocks)])));
  const typed = (kind: string): ReadonlyMap<string, Body> =>
    new Map(
      files.flatMap(file =>
        Object.entries(bodyOf(file[kind])).flatMap(([type, named]) =>
          Object.entries(bodyOf(named)).map(([name, blocks]): [string, Body] => [`${type}.${name}`, first(blocks)]),
        ),
      ),
    );
  return {
    variables: [...labelled('variable')].map(([name, body]) => variableOf(name, body)),
    outputs: [...labelled('output')].map(([name, body]) => ({
      name,
      description: String(body['description'] ?? ''),
      value: body['value'],
    })),
    locals: Object.assign({}, ...files.flatMap(file => blocksOf(file['locals']))),
    resources: typed('resource'),
    dataSources: typed('data'),
    modules: labelled('module'),
    settings: Object.assign({}, ...files.flatMap(file => blocksOf(file['terraform']))),
  };
}

/** The expression between `${` and `}`; any other value as it is. */
export function expressionOf(value: unknown): string {
  const text = String(value ?? '');
  return /^\$\{(?<expression>[\s\S]*)\}$/.exec(text)?.groups?.['expression'] ?? text;
}

export function bodyOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** A block is a list, for it may be repeated. */
export function blocksOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.map(bodyOf) : [];
}

function first(blocks: unknown): Body {
  return blocksOf(blocks)[0] ?? {};
}

function variableOf(name: string, body: Body): Variable {
  return {
    name,
    type: expressionOf(body['type']),
    description: String(body['description'] ?? ''),
    required: !('default' in body),
    byDefault: body['default'],
    sensitive: body['sensitive'] === true,
    validations: blocksOf(body['validation']).map(validation => ({
      condition: expressionOf(validation['condition']),
      message: String(validation['error_message'] ?? ''),
    })),
  };
}
