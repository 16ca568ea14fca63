/** Request parameter mappings of an HTTP API: `overwrite:`, `append:` and `remove:` on headers, query strings and the path. */
import { withoutHopByHop } from './headers.ts';
import type { OutgoingRequest } from './outgoing.ts';
import { type HeaderList, lastValue } from './request.ts';
import { resolveVariable, type Variables } from './variables.ts';

/** Such as `{ 'overwrite:header.x-subject': '$context.authorizer.sub' }`. */
export type HttpMapping = Readonly<Record<string, string>>;

const RESERVED =
  /^(authorization|access-control-.*|apigw-.*|connection|content-(encoding|length|location)|forwarded|keep-alive|origin|proxy-.*|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-(for|host|proto)|via)$/i;

type Rule = { readonly action: string; readonly part: string; readonly name: string };

const ruleOf = (key: string): Rule => {
  const match = /^(append|overwrite|remove):(header|querystring|path)(?:\.(.+))?$/.exec(key);
  const [, action = '', part = '', name = ''] = match ?? [];
  if (match === null || (part === 'path') !== (name === '') || (part === 'path' && action !== 'overwrite'))
    throw new Error(
      `${key} is not a parameter mapping: write overwrite:header.NAME, append:querystring.NAME, overwrite:path or the like`,
    );
  if (part === 'header' && RESERVED.test(name))
    throw new Error(`API Gateway reserves the header ${name}: it cannot be mapped`);
  return { action, part, name };
};

/** Throws at deployment, as AWS does, where a mapping is not allowed. */
export const checkHttpMapping = (mapping: HttpMapping): void => {
  for (const key of Object.keys(mapping)) ruleOf(key);
};

/** A lone `$variable`, or text with `${variable}` in it; undefined where a variable has no value. */
const mappedValue = (template: string, variables: Variables): string | undefined => {
  if (/^\$[A-Za-z]/.test(template)) return resolveVariable(template, variables);
  let missing = false;
  const text = template.replaceAll(/\$\{([^}]+)\}/g, (_whole, expression: string) => {
    const value = resolveVariable(expression, variables);
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : text;
};

const change = (pairs: HeaderList, { action, name }: Rule, value: string | undefined): HeaderList => {
  const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  const others = pairs.filter(([other]) => !same(other));
  if (action === 'remove') return others;
  if (value === undefined) return pairs;
  return action === 'overwrite' ? [...others, [name, value]] : [...pairs, [name, value]];
};

const pairsOf = (query: string): HeaderList =>
  query
    .split('&')
    .filter(part => part !== '')
    .map(part => [part.split('=', 1)[0] ?? '', part.slice(part.indexOf('=') + 1)]);

/** HTTP APIs tell backends of the client by `Forwarded`, not by X-Forwarded-*. */
const forwarded = (headers: HeaderList, sourceIp: string): HeaderList => {
  const host = lastValue(headers, 'host') ?? '';
  const kept = headers.filter(([name]) => !/^(host|forwarded|x-forwarded-(for|port|proto))$/i.test(name));
  return [...kept, ['forwarded', `for=${sourceIp};host=${host};proto=https`]];
};

export const applyHttpMapping = (
  request: OutgoingRequest,
  mapping: HttpMapping,
  variables: Variables,
  sourceIp: string,
): OutgoingRequest => {
  let { path } = request;
  let headers = forwarded(withoutHopByHop(request.headers), sourceIp);
  let query = pairsOf(request.query);
  for (const [key, template] of Object.entries(mapping)) {
    const rule = ruleOf(key);
    const value = mappedValue(template, variables);
    if (rule.part === 'header') headers = change(headers, rule, value);
    else if (rule.part === 'querystring')
      query = change(query, rule, value === undefined ? undefined : encodeURIComponent(value));
    else path = value ?? path;
  }
  return { ...request, headers, path, query: query.map(pair => pair.join('=')).join('&') };
};
