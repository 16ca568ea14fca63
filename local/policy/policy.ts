/** The policy file of the embedded policy service: its shape, and a strict reader that says where it is wrong. */
import { readFile } from 'node:fs/promises';
import { isRecord, parseJson } from '../loopback.ts';

export type StepUp = { readonly acrValues: readonly string[]; readonly maxAgeSeconds: number };

export type Denial = { readonly status: number; readonly code: string; readonly message: string };

export type Operation = {
  readonly name: string;
  readonly methods: readonly string[];
  /** Below the base path: `*` is one segment, `**` is any number of them. */
  readonly path: string;
  /** All of them are needed. */
  readonly scopes: readonly string[];
  /** One of them is needed, where there are any. */
  readonly roles: readonly string[];
  readonly stepUp?: StepUp;
  /** Set on a permit; `{claim}` is replaced by the token's claim. */
  readonly setHeaders: Readonly<Record<string, string>>;
  readonly denied: Denial;
};

export type ApiService = {
  readonly name: string;
  readonly basePaths: readonly string[];
  readonly operations: readonly Operation[];
};

export type Policy = { readonly realm: string; readonly services: readonly ApiService[] };

const DEFAULT_DENIAL: Denial = {
  status: 403,
  code: 'ACCESS_FAILED',
  message: 'The request could not be completed. You do not have access to this resource.',
};

type Fields = Readonly<Record<string, unknown>>;

const wrong = (where: string, what: string): Error => new Error(`policy file: ${where} ${what}`);

const fieldsOf = (value: unknown, where: string, known: readonly string[]): Fields => {
  if (!isRecord(value)) throw wrong(where, 'must be an object');
  const unknown = Object.keys(value).find(key => !known.includes(key));
  if (unknown !== undefined) throw wrong(`${where}.${unknown}`, `is unknown: use ${known.join(', ')}`);
  return value;
};

const text = (value: unknown, where: string): string => {
  if (typeof value !== 'string' || value === '') throw wrong(where, 'must be a string that is not empty');
  return value;
};

const integer = (value: unknown, where: string, low: number, high: number): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
    throw wrong(where, `must be a whole number from ${low} to ${high}`);
  return value;
};

const list = <T>(value: unknown, where: string, item: (value: unknown, where: string) => T): readonly T[] => {
  if (!Array.isArray(value)) throw wrong(where, 'must be an array');
  return value.map((each: unknown, index) => item(each, `${where}[${index}]`));
};

const filledList = <T>(value: unknown, where: string, item: (value: unknown, where: string) => T): readonly T[] => {
  const items = list(value, where, item);
  if (items.length === 0) throw wrong(where, 'must not be empty');
  return items;
};

const path = (value: unknown, where: string): string => {
  const string = text(value, where);
  if (!string.startsWith('/')) throw wrong(where, 'must start with a slash');
  return string;
};

const stepUp = (value: unknown, where: string): StepUp => {
  const fields = fieldsOf(value, where, ['acrValues', 'maxAgeSeconds']);
  return {
    acrValues: filledList(fields['acrValues'], `${where}.acrValues`, text),
    maxAgeSeconds: integer(fields['maxAgeSeconds'], `${where}.maxAgeSeconds`, 1, 86_400),
  };
};

const denial = (value: unknown, where: string): Denial => {
  const fields = fieldsOf(value, where, ['status', 'code', 'message']);
  return {
    status: integer(fields['status'], `${where}.status`, 400, 599),
    code: text(fields['code'], `${where}.code`),
    message: text(fields['message'], `${where}.message`),
  };
};

const headers = (value: unknown, where: string): Readonly<Record<string, string>> => {
  if (!isRecord(value)) throw wrong(where, 'must be an object');
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, text(item, `${where}.${name}`)]));
};

const OPERATION_FIELDS = ['name', 'methods', 'path', 'scopes', 'roles', 'stepUp', 'setHeaders', 'denied'];

const operation = (value: unknown, where: string): Operation => {
  const fields = fieldsOf(value, where, OPERATION_FIELDS);
  return {
    name: text(fields['name'], `${where}.name`),
    methods: filledList(fields['methods'], `${where}.methods`, text),
    path: path(fields['path'], `${where}.path`),
    scopes: list(fields['scopes'] ?? [], `${where}.scopes`, text),
    roles: list(fields['roles'] ?? [], `${where}.roles`, text),
    setHeaders: headers(fields['setHeaders'] ?? {}, `${where}.setHeaders`),
    denied: fields['denied'] === undefined ? DEFAULT_DENIAL : denial(fields['denied'], `${where}.denied`),
    ...(fields['stepUp'] === undefined ? {} : { stepUp: stepUp(fields['stepUp'], `${where}.stepUp`) }),
  };
};

const service = (value: unknown, where: string): ApiService => {
  const fields = fieldsOf(value, where, ['name', 'basePaths', 'operations']);
  return {
    name: text(fields['name'], `${where}.name`),
    basePaths: filledList(fields['basePaths'], `${where}.basePaths`, path),
    operations: filledList(fields['operations'], `${where}.operations`, operation),
  };
};

export const parsePolicy = (source: string): Policy => {
  const value = parseJson(source);
  if (value === undefined) throw wrong('the file', 'is not JSON');
  const fields = fieldsOf(value, 'the file', ['realm', 'services']);
  return { realm: text(fields['realm'], 'realm'), services: filledList(fields['services'], 'services', service) };
};

export const readPolicy = async (file: URL | string): Promise<Policy> => parsePolicy(await readFile(file, 'utf8'));
