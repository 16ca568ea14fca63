/** Reads CloudFormation templates as data: short forms such as !Ref become their long forms, as CloudFormation sees them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: { readonly [key: string]: Json };
}

export interface Template {
  readonly Metadata?: Json;
  readonly Parameters: { readonly [name: string]: { readonly [key: string]: Json } };
  readonly Rules?: Json;
  readonly Conditions?: Json;
  readonly Resources: { readonly [name: string]: Resource };
  readonly Outputs: { readonly [name: string]: { readonly Value: Json } };
}

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));

export const TEMPLATE = `${DEPLOY}template.yaml`;
export const EXAMPLES = readdirSync(`${DEPLOY}examples`).map(file => `${DEPLOY}examples/${file}`);

const longForm = (name: string): string => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`);

const FUNCTIONS = ['Ref', 'Sub', 'GetAtt', 'If', 'Equals', 'Not', 'Or', 'And', 'Join', 'Select', 'Split', 'Condition'];

const scalar = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: text => ({ [longForm(name)]: text }),
});

const sequence = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: 'seq',
  resolve: items => ({ [longForm(name)]: items.toJSON() }),
});

export function readTemplate(path: string): Template {
  const customTags = FUNCTIONS.flatMap(name => [scalar(name), sequence(name)]);
  return parse(readFileSync(path, 'utf8'), { customTags }) as Template;
}

export function example(name: string): Template {
  return readTemplate(`${DEPLOY}examples/${name}.yaml`);
}

/** The value down a path of keys, undefined where the path ends early. */
export function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.entries(inner).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );
}

export function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Every scalar anywhere inside, with the keys that lead to it. */
export function leaves(value: Json, path: readonly string[] = []): readonly { path: readonly string[]; value: Json }[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [{ path, value }];
}

/** Every string that the value can be: both branches of an Fn::If. */
export function alternatives(value: Json | undefined): readonly string[] {
  const branches = at(value, 'Fn::If');
  if (Array.isArray(branches)) return branches.slice(1).flatMap(branch => alternatives(branch));
  const text = at(value, 'Fn::Sub') ?? value;
  return typeof text === 'string' ? [text] : [];
}

export function resourcesOf(template: Template, type: string): readonly Resource[] {
  return Object.values(template.Resources).filter(resource => resource.Type === type);
}

export const ORIGIN = 'https://app.example';

/** A value of rest-api.yaml as it is deployed under one ErrorFormat. */
export function underFormat(value: Json | undefined, format: string): string | undefined {
  const branches = at(value, 'Fn::If');
  if (Array.isArray(branches)) {
    const [condition, yes, no] = branches;
    return underFormat(String(condition).toLowerCase() === `as${format}` ? yes : no, format);
  }
  return alternatives(value)[0]?.replace(/\$\{AllowedOrigin\}/g, ORIGIN);
}
