/** The expressions of API Gateway's mappings, identity sources and templates, such as `method.request.header.X` or `$context.authorizer.y`. */
import { isRecord } from '../loopback.ts';
import { type HeaderList, lastValue } from './request.ts';

export type Variables = {
  readonly headers: HeaderList;
  readonly query: HeaderList;
  readonly path: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** The tree behind `context.`; scalars count, anything else is not there. */
  readonly context: Readonly<Record<string, unknown>>;
};

const scalarAt = (tree: unknown, keys: readonly string[]): string | undefined => {
  let value: unknown = tree;
  for (const key of keys) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return scalar ? String(value) : undefined;
};

const lastNamed = (pairs: HeaderList, name: string): string | undefined =>
  pairs.findLast(([candidate]) => candidate === name)?.[1];

/** The value, or undefined where the request or the context has none. REST and HTTP API spellings are both understood. */
export const resolveVariable = (expression: string, variables: Variables): string | undefined => {
  const plain = expression.replace(/^\$/, '').replace(/^method\./, '');
  const [scope = '', ...rest] = plain.split('.');
  if (scope === 'context') return scalarAt(variables.context, rest);
  if (scope === 'stageVariables') return variables.stageVariables[rest.join('.')];
  if (scope !== 'request') return undefined;
  const [part, ...names] = rest;
  const name = names.join('.');
  if (part === 'header') return lastValue(variables.headers, name);
  if (part === 'querystring') return lastNamed(variables.query, name);
  return part === 'path' ? variables.path[name] : undefined;
};
