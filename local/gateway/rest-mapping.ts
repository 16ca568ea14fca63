/** Integration request parameters of a REST API with an HTTP_PROXY integration: mapped values override what is passed through. */
import { parameterValue } from './gateway-response.ts';
import { withoutHopByHop } from './headers.ts';
import type { OutgoingRequest } from './outgoing.ts';
import type { HeaderList } from './request.ts';
import type { Variables } from './variables.ts';

/** `integration.request.header.X` (or `.querystring.`, `.path.`) to an expression. */
export type RestMapping = Readonly<Record<string, string>>;

const NOT_PASSED_THROUGH = new Set(['host', 'content-encoding']);
const NOT_MAPPABLE = new Set(['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id']);

type Target = { readonly part: 'header' | 'querystring' | 'path'; readonly name: string };

const targetOf = (key: string): Target => {
  const match = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(key);
  const [, part, name] = match ?? [];
  if (name === undefined || (part !== 'header' && part !== 'querystring' && part !== 'path'))
    throw new Error(
      `${key} is not a request parameter: write integration.request.header.NAME, .querystring. or .path.`,
    );
  if (part === 'header' && NOT_MAPPABLE.has(name.toLowerCase()))
    throw new Error(`API Gateway does not let a mapping set the header ${name}`);
  return { part, name };
};

/** Throws at deployment, as AWS does, where a mapping is not allowed. */
export const checkRestMapping = (mapping: RestMapping): void => {
  for (const key of Object.keys(mapping)) targetOf(key);
};

const setQuery = (query: string, name: string, value: string): string => {
  const others = query.split('&').filter(part => part !== '' && part.split('=')[0] !== encodeURIComponent(name));
  return [...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&');
};

/** A mapping whose source is missing is skipped, and then a client's own header of that name goes through. */
export const applyRestMapping = (
  request: OutgoingRequest,
  mapping: RestMapping,
  variables: Variables,
): OutgoingRequest => {
  let { query, path } = request;
  let headers: HeaderList = withoutHopByHop(request.headers).filter(
    ([name]) => !NOT_PASSED_THROUGH.has(name.toLowerCase()),
  );
  for (const [key, expression] of Object.entries(mapping)) {
    const { part, name } = targetOf(key);
    const value = parameterValue(expression, variables);
    if (value === undefined) continue;
    if (part === 'header')
      headers = [...headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()), [name, value]];
    else if (part === 'querystring') query = setQuery(query, name, value);
    else path = path.replace(`{${name}}`, value);
  }
  return { ...request, headers, query, path };
};
