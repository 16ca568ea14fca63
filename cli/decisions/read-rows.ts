/** The text of a decisions file -> rows, or every problem in it with its line and column. */
import { isScalar, type Node } from 'yaml';
import type { HeaderLine } from '../../src/domain/request.ts';
import { holdsToken } from '../../src/domain/token-shape.ts';
import { UsageError } from '../command-line.ts';
import { UNNAMED_CLIENT } from '../service/rest-event.ts';
import { readExpectation } from './read-expectation.ts';
import type { Row, TokenSource } from './row.ts';
import { type Member, readYaml, type YamlReader } from './yaml-nodes.ts';

/**
 * @param file its name, for the problems.
 * @param baseUrl takes precedence over the file's own.
 * @throws UsageError that names every problem
 */
export const readRows = (text: string, file: string, baseUrl: string | undefined): readonly Row[] => {
  const yaml = readYaml(text, file);
  const rows = yaml.problems.length > 0 ? [] : rowsIn(yaml, baseUrl);
  if (yaml.problems.length > 0) throw new UsageError(yaml.problems.join('\n'));
  return rows;
};

const TOP = ['baseUrl', 'rows'];
const ROW = [
  'name',
  'method',
  'url',
  'headers',
  'token',
  'sourceIp',
  'expect',
  'status',
  'reasonCode',
  'changedHeaders',
];
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export type Nodes = ReadonlyMap<string, Node | undefined>;

function rowsIn(yaml: YamlReader, givenBase: string | undefined): readonly Row[] {
  const top = nodesOf(yaml.members(yaml.root, 'the file', TOP));
  const base = givenBase ?? (top.has('baseUrl') ? yaml.text(top.get('baseUrl'), 'baseUrl') : undefined);
  if (!top.has('rows')) {
    yaml.report(yaml.root, 'the file has no rows.');
    return [];
  }
  const rows = yaml.items(top.get('rows'), 'rows').flatMap(node => rowIn(yaml, node, base) ?? []);
  if (rows.length === 0 && yaml.problems.length === 0) yaml.report(top.get('rows'), 'rows is empty.');
  return rows;
}

function rowIn(yaml: YamlReader, node: Node, base: string | undefined): Row | undefined {
  const row = nodesOf(yaml.members(node, 'a row', ROW));
  for (const name of ['url', 'expect']) if (!row.has(name)) yaml.report(node, `the row has no ${name}.`);
  const method = row.has('method') ? methodIn(yaml, row.get('method')) : 'GET';
  const url = row.has('url') ? urlIn(yaml, row.get('url'), base) : undefined;
  const headers = row.has('headers') ? headersIn(yaml, row.get('headers')) : [];
  const token = row.has('token') ? tokenIn(yaml, row.get('token')) : undefined;
  const name = row.has('name') ? yaml.text(row.get('name'), 'name') : undefined;
  const sourceIp = row.has('sourceIp') ? yaml.text(row.get('sourceIp'), 'sourceIp') : UNNAMED_CLIENT;
  const expected = readExpectation(yaml, row);
  if (url === undefined || method === undefined || expected === undefined || sourceIp === undefined) return undefined;
  const shown = name ?? `${method} ${new URL(url).pathname}`;
  return { name: shown, line: yaml.lineOf(node), method, url, headers, token, sourceIp, expected };
}

function nodesOf(members: readonly Member[]): Nodes {
  return new Map(members.map(({ name, node }) => [name, node]));
}

function methodIn(yaml: YamlReader, node: Node | undefined): string | undefined {
  const method = yaml.text(node, 'method')?.toUpperCase();
  if (method === undefined || METHODS.includes(method)) return method;
  yaml.report(node, `method is one of ${METHODS.join(', ')}.`);
  return undefined;
}

function urlIn(yaml: YamlReader, node: Node | undefined, base: string | undefined): string | undefined {
  const text = yaml.text(node, 'url');
  if (text === undefined) return undefined;
  const url = text.startsWith('/') && base !== undefined ? base.replace(/\/$/, '') + text : text;
  const problem = problemOfUrl(url);
  if (problem === undefined) return url;
  yaml.report(node, problem);
  return undefined;
}

function problemOfUrl(url: string): string | undefined {
  if (url.startsWith('/')) return 'url is a path, and the file has no baseUrl to put before it.';
  if (!/^https:\/\/[^/]/.test(url) || !URL.canParse(url)) return 'url must begin with https://, as clients type it.';
  if (/[{}<>]/.test(url)) return 'url still holds a placeholder such as {id}: put a real value in its place.';
  return holdsToken(url) ? 'url holds a token: tokens come from a variable or a command.' : undefined;
}

function headersIn(yaml: YamlReader, node: Node | undefined): readonly HeaderLine[] {
  return yaml.members(node, 'headers', undefined).flatMap(({ key, name, node: value }): readonly HeaderLine[] => {
    if (!HEADER_NAME.test(name)) yaml.report(key, 'this is no name of a header.');
    if (/^(?:proxy-)?authorization$/i.test(name)) {
      yaml.report(key, 'give the bearer token as token: { env: NAME } or token: { command: … }, not as a header.');
      return [];
    }
    const values = isScalar(value)
      ? [yaml.text(value, name)]
      : yaml.items(value, name).map(item => yaml.text(item, name));
    const given = values.filter(text => text !== undefined);
    if (given.some(holdsToken)) yaml.report(value, `${name} holds a token: tokens come from a variable or a command.`);
    return given.map(text => [name, text] as const);
  });
}

function tokenIn(yaml: YamlReader, node: Node | undefined): TokenSource | undefined {
  if (isScalar(node)) {
    yaml.report(node, 'a token does not belong in the file: write token: { env: NAME } or token: { command: … }.');
    return undefined;
  }
  const members = yaml.members(node, 'token', ['env', 'command']);
  const [only, second] = members;
  if (only === undefined || second !== undefined) {
    yaml.report(node, 'token has either env or command.');
    return undefined;
  }
  const text = yaml.text(only.node, only.name);
  if (text === undefined) return undefined;
  if (holdsToken(text)) yaml.report(only.node, `${only.name} holds a token: it must only name where to get one.`);
  return only.name === 'env' ? { env: text } : { command: text };
}
