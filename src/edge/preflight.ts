/** The door for CORS preflights: what is one goes to the origin, or is answered here; PingOne is not asked about it. */
import type { Preflight } from '../corridor/port.ts';
import { type Members, membersOrNone } from '../domain/json.ts';
import { type AccessRequest, headerValues } from '../domain/request.ts';
import { type CorsSettings, permission, VARY_BY_PREFLIGHT } from './cors.ts';
import type { EditedRequest } from './edited-request.ts';
import { type RequestSettings, readRequest, type ViewerRequest } from './event.ts';
import { type GeneratedResponse, response } from './response.ts';

export interface PreflightSettings extends RequestSettings {
  /** `ask`: there is no such door. */
  readonly preflight: 'ask' | 'pass' | 'answer';
  readonly cors: CorsSettings;
}

/**
 * What becomes of a preflight: OPTIONS with one Origin and one Access-Control-Request-Method, without Authorization, Cookie
 * and body. Undefined for everything else, which PingOne decides on; whatever is not clear is not a preflight. Never throws.
 */
export const preflightOf = (
  viewer: ViewerRequest,
  settings: PreflightSettings,
): Preflight<EditedRequest | GeneratedResponse> | undefined => {
  if (settings.preflight === 'ask') return undefined;
  try {
    const { original } = viewer;
    if (original?.['method'] !== 'OPTIONS') return undefined;
    const request = readRequest(viewer, settings);
    const origin = announcingOrigin(request, original);
    if (origin === undefined) return undefined;
    return settings.preflight === 'pass' ? passed(original) : answered(request, origin, settings.cors);
  } catch {
    return undefined;
  }
};

const ORIGIN = /^[\x21-\x2b\x2d-\x7e]+$/;
const METHOD = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** The origin whose script wants to send what the preflight announces; undefined if the request is not a preflight. */
function announcingOrigin({ headers }: AccessRequest, original: Members): string | undefined {
  const sent = (name: string) => headerValues(headers, name);
  const [[origin = '', ...origins], [method = '', ...methods]] = [
    sent('origin'),
    sent('access-control-request-method'),
  ];
  if (origins.length > 0 || methods.length > 0 || !ORIGIN.test(origin) || !METHOD.test(method)) return undefined;
  if (sent('authorization').length > 0 || sent('cookie').length > 0) return undefined;
  const sized = sent('content-length').some(length => length !== '0') || sent('transfer-encoding').length > 0;
  return sized || hasBody(original) ? undefined : origin;
}

/** Whether CloudFront shows a body, of which not a byte may be there. */
function hasBody({ body = null }: Members): boolean {
  if (body === null) return false;
  const { data, inputTruncated } = membersOrNone(body);
  return data !== '' || inputTruncated !== false;
}

function passed(original: Members): Preflight<EditedRequest> {
  return { effect: 'preflight', ending: 'passed', status: undefined, result: original };
}

function answered({ headers }: AccessRequest, origin: string, cors: CorsSettings): Preflight<GeneratedResponse> {
  const names = headerValues(headers, 'access-control-request-headers').join(', ');
  const lines = permission(cors, origin, names);
  return lines === undefined
    ? { effect: 'preflight', ending: 'refused', status: 403, result: response(403, [VARY_BY_PREFLIGHT]) }
    : { effect: 'preflight', ending: 'answered', status: 204, result: response(204, lines) };
}
