/** The sideband protocol as a policy service speaks it: requests read, permits echoed, denials as complete HTTP answers. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { isRecord } from '../loopback.ts';
import type { Verdict } from './decide.ts';

export type SidebandHeaders = readonly Readonly<Record<string, string>>[];

export type SidebandRequest = {
  readonly echo: Readonly<Record<string, unknown>>;
  readonly method: string;
  readonly url: URL;
  readonly headers: SidebandHeaders;
};

/** PingOne's error body; `id` is what its support asks for. */
export const errorBody = (code: string, message: string) => ({ id: randomUUID(), code, message });

const isHeader = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.keys(value).length === 1 && Object.values(value).every(item => typeof item === 'string');

/** The request, or what is missing in it. */
export const parseSidebandRequest = (body: unknown): SidebandRequest | string => {
  if (!isRecord(body)) return 'the body is not a JSON object';
  const { method, url, headers, source_ip: sourceIp } = body;
  if (typeof sourceIp !== 'string') return 'source_ip must be a string';
  if (typeof method !== 'string') return 'method must be a string';
  if (typeof url !== 'string' || !URL.canParse(url)) return 'url must be an absolute URL';
  if (!Array.isArray(headers) || !headers.every(isHeader)) return 'headers must be an array of objects with one key';
  return { echo: body, method, url: new URL(url), headers };
};

export const headerOf = (headers: SidebandHeaders, name: string): string | undefined =>
  headers.flatMap(header => Object.entries(header)).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const withHeaders = (headers: SidebandHeaders, set: Readonly<Record<string, string>>): SidebandHeaders => {
  const replaced = new Set(Object.keys(set).map(name => name.toLowerCase()));
  const kept = headers.filter(header => !Object.keys(header).some(name => replaced.has(name.toLowerCase())));
  return [...kept, ...Object.entries(set).map(([name, value]) => ({ [name]: value }))];
};

const denialResponse = (verdict: Extract<Verdict, { kind: 'respond' }>) => {
  const { status, challenge, code, message } = verdict;
  const body = code === undefined ? undefined : JSON.stringify(errorBody(code, message ?? ''));
  return {
    response_code: String(status),
    response_status: STATUS_CODES[status] ?? 'Denied',
    http_version: '1.1',
    headers: [
      ...(challenge === undefined ? [] : [{ 'www-authenticate': challenge }]),
      ...(body === undefined ? [] : [{ 'content-type': 'application/json' }]),
    ],
    ...(body === undefined ? {} : { body }),
  };
};

export const sidebandReply = ({ echo, headers }: SidebandRequest, verdict: Verdict): unknown =>
  verdict.kind === 'permit'
    ? { ...echo, headers: withHeaders(headers, verdict.setHeaders) }
    : { ...echo, response: denialResponse(verdict) };
