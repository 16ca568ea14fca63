/** The embedded policy service: PingOne Authorize's sideband endpoint on loopback, in good health or in whatever trouble it is told to be. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoopbackServer, listenOnLoopback, parseJson, readBody } from '../loopback.ts';
import { decide } from './decide.ts';
import type { Policy } from './policy.ts';
import { errorBody, headerOf, parseSidebandRequest, sidebandReply } from './sideband.ts';
import { gatewayCredential } from './token.ts';

export type Mode =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Takes requests and never answers. */
  | { readonly kind: 'stalled' }
  /** Refuses connections. */
  | { readonly kind: 'down' }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'failing'; readonly status: number };

export type PolicyCall = { readonly status: number; readonly rule: string; readonly permit: boolean };

export type PolicyServiceOptions = {
  readonly policy: Policy;
  /** Any free port where missing. */
  readonly port?: number;
  readonly onCall?: (call: PolicyCall) => void;
};

export type PolicyService = {
  readonly serviceUrl: string;
  readonly credential: string;
  readonly mode: Mode;
  /** Requests that reached the service, whatever came of them. */
  readonly calls: number;
  setMode(mode: Mode): Promise<void>;
  /** The old credential is refused from now on. */
  rotateCredential(): void;
  close(): Promise<void>;
};

const CREDENTIAL_HEADER = 'client-token';
const ENVIRONMENT_PATH = '/v1/environments/demo';

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

const write = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  const text = JSON.stringify(body);
  const own = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...own, 'correlation-id': randomUUID(), ...headers });
  response.end(text);
};

export const startPolicyService = async (options: PolicyServiceOptions): Promise<PolicyService> => {
  let mode: Mode = { kind: 'healthy' };
  let calls = 0;
  const stalled = new Set<ServerResponse>();

  const decided = (body: string): Answer & { readonly call: PolicyCall } => {
    const request = parseSidebandRequest(parseJson(body));
    if (typeof request === 'string')
      return {
        status: 400,
        body: errorBody('INVALID_REQUEST', request),
        call: { status: 400, rule: request, permit: false },
      };
    const verdict = decide(options.policy, {
      method: request.method,
      path: request.url.pathname,
      authorization: headerOf(request.headers, 'authorization'),
      nowSeconds: Date.now() / 1000,
    });
    const permit = verdict.kind === 'permit';
    const call = { status: verdict.kind === 'permit' ? 200 : verdict.status, rule: verdict.rule, permit };
    return { status: 200, body: sidebandReply(request, verdict), call };
  };

  const refusal = (request: IncomingMessage): Answer | undefined => {
    if (mode.kind === 'failing')
      return { status: mode.status, body: errorBody('UNEXPECTED_ERROR', 'An unexpected error occurred.') };
    if (mode.kind === 'rate-limited') {
      const headers = { 'retry-after': String(mode.retryAfterSeconds) };
      return { status: 429, body: errorBody('REQUEST_LIMITED', 'Too many requests.'), headers };
    }
    if (request.method !== 'POST' || !(request.url ?? '').endsWith('/sideband/request'))
      return { status: 404, body: errorBody('NOT_FOUND', 'The requested resource was not found.') };
    return request.headers[CREDENTIAL_HEADER] === credential
      ? undefined
      : { status: 401, body: errorBody('ACCESS_FAILED', 'The Gateway Token is invalid') };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const isCall = request.method === 'POST';
    if (isCall) calls += 1;
    if (mode.kind === 'stalled') {
      stalled.add(response);
      response.once('close', () => stalled.delete(response));
      return;
    }
    if (mode.kind === 'slow') await delay(mode.ms);
    const refused = refusal(request);
    if (refused !== undefined) {
      if (isCall) options.onCall?.({ status: refused.status, rule: 'refused', permit: false });
      write(response, refused);
      return;
    }
    const { call, ...reply } = decided(body?.toString() ?? '');
    options.onCall?.(call);
    write(response, reply);
  };

  const listen = (port?: number): Promise<LoopbackServer> =>
    listenOnLoopback((request, response) => {
      answer(request, response).catch(() => response.destroy());
    }, port);

  let server = await listen(options.port);
  const { port, origin } = server;
  const serviceUrl = `${origin}${ENVIRONMENT_PATH}`;
  const newCredential = (): string => gatewayCredential(serviceUrl, Date.now() / 1000);
  let credential = newCredential();

  return {
    serviceUrl,
    get credential() {
      return credential;
    },
    get mode() {
      return mode;
    },
    get calls() {
      return calls;
    },
    setMode: async next => {
      const wasDown = mode.kind === 'down';
      mode = next;
      for (const response of stalled) response.destroy();
      if (next.kind === 'down' && !wasDown) await server.close();
      if (next.kind !== 'down' && wasDown) server = await listen(port);
    },
    rotateCredential: () => {
      credential = newCredential();
    },
    close: () => server.close(),
  };
};
