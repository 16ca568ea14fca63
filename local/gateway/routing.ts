/** Which resource or route of an API a request falls on, and its path parameters. */
import { DEFAULT_STAGE, type HttpApi, type RestApi, type RestResource } from './api.ts';
import { decode, splitTarget } from './request.ts';

export type PathParameters = Readonly<Record<string, string>>;

const isGreedy = (segment: string): boolean => segment.endsWith('+}');
const isParameter = (segment: string): boolean => segment.startsWith('{');

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);

/** The parameters where the path fits the template, values as they stand in the path. */
const matchTemplate = (template: string, path: string): PathParameters | undefined => {
  const wanted = segmentsOf(template);
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const given = segmentsOf(trimmed);
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    if (isGreedy(segment)) {
      const rest = given.slice(index).join('/');
      if (rest === '') return undefined;
      parameters[segment.slice(1, -2)] = rest;
      return parameters;
    }
    if (isParameter(segment)) parameters[segment.slice(1, -1)] = value;
    else if (segment !== value) return undefined;
  }
  return wanted.length === given.length ? parameters : undefined;
};

/** Static segments win over parameters, parameters over a greedy one. */
const specificity = (template: string): string =>
  segmentsOf(template)
    .map(segment => (isGreedy(segment) ? '2' : isParameter(segment) ? '1' : '0'))
    .join('');

const bestFirst = <T>(items: readonly T[], templateOf: (item: T) => string): readonly T[] =>
  items.toSorted((a, b) => specificity(templateOf(a)).localeCompare(specificity(templateOf(b))));

export type RestRoute = {
  readonly resource: RestResource;
  readonly pathParameters: PathParameters;
  /** Without stage or base path, percent-encoded as sent. */
  readonly path: string;
};

const stripPrefix = (path: string, prefix: string): string | undefined => {
  if (path === `/${prefix}`) return '/';
  return path.startsWith(`/${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
};

export const restRoute = (api: RestApi, method: string, target: string): RestRoute | undefined => {
  const path = stripPrefix(splitTarget(target).path, api.basePath ?? api.stage);
  if (path === undefined) return undefined;
  for (const resource of bestFirst(api.resources, ({ path: template }) => template)) {
    const pathParameters = matchTemplate(resource.path, path);
    const allowed = resource.methods.includes('ANY') || resource.methods.includes(method);
    if (pathParameters !== undefined && allowed) return { resource, pathParameters, path };
  }
  return undefined;
};

export type HttpRoute = {
  readonly routeKey: string;
  readonly pathParameters: PathParameters;
  /** As the client sent it, with the stage where it is a named one. */
  readonly path: string;
  /** Decoded, cut at a decoded question mark, as the function sees it. */
  readonly rawPath: string;
};

export const httpRoute = (api: HttpApi, method: string, target: string): HttpRoute | undefined => {
  const { path } = splitTarget(target);
  const inner = api.stage === DEFAULT_STAGE ? path : stripPrefix(path, api.stage);
  if (inner === undefined) return undefined;
  const rawPath = decode(path).split('?')[0] ?? '';
  const keyed = api.routes.filter(route => route !== DEFAULT_STAGE);
  for (const routeKey of bestFirst(keyed, route => route.split(' ')[1] ?? '')) {
    const [verb, template = ''] = routeKey.split(' ');
    const parameters = verb === method || verb === 'ANY' ? matchTemplate(template, inner) : undefined;
    if (parameters === undefined) continue;
    const decoded = Object.entries(parameters).map(([name, value]) => [name, decode(value)]);
    return { routeKey, pathParameters: Object.fromEntries(decoded), path, rawPath };
  }
  return api.routes.includes(DEFAULT_STAGE)
    ? { routeKey: DEFAULT_STAGE, pathParameters: {}, path, rawPath }
    : undefined;
};
