/** Which requests a local server answers: those that name this machine, so that no web page can reach it through a DNS name of its own. */
import type { IncomingMessage, RequestListener } from 'node:http';

export type Refusal = { readonly status: 400 | 421; readonly text: string };

const LOOPBACK_HOST = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d*)?$/i;
/** Scheme and authority of a request target in absolute form, as a client sends it to a proxy. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)/i;

/**
 * Why a request is not answered, or undefined. A missing Host passes: no browser leaves it out.
 * Any port passes, because a tunnel or a container may listen on another one. `hosts` are further names, in lower case.
 */
export const refusalOf = (
  { url = '', headers }: IncomingMessage,
  hosts: readonly string[] = [],
): Refusal | undefined => {
  const authority = ABSOLUTE_FORM.exec(url)?.[1];
  if (authority === undefined && !url.startsWith('/') && url !== '*')
    return { status: 400, text: 'The request target must be a path, such as /orders/7.\n' };
  const named = [headers.host, authority].filter(name => name !== undefined);
  return named.every(name => isLoopbackHost(name) || hosts.includes(withoutPort(name).toLowerCase()))
    ? undefined
    : { status: 421, text: MISDIRECTED };
};

/** True for a Host that names this machine, whatever the port. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK_HOST.test(host);

/** Hands on what may be answered, its target in origin form; a listener that throws costs its own request and no other. */
export const loopbackOnly =
  (listener: RequestListener, hosts: readonly string[] = []): RequestListener =>
  (request, response) => {
    const refusal = refusalOf(request, hosts);
    if (refusal !== undefined) {
      request.resume();
      response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(refusal.text);
      return;
    }
    request.url = originForm(request.url ?? '/');
    try {
      listener(request, response);
    } catch {
      response.destroy();
    }
  };

const MISDIRECTED =
  'This local tool answers only requests for this machine: call it as 127.0.0.1, localhost or [::1], on any port.\n';

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '');
}

/** The path and query of a target, whichever form it came in. */
function originForm(target: string): string {
  const rest = target.replace(ABSOLUTE_FORM, '');
  return rest.startsWith('?') || rest === '' ? `/${rest}` : rest;
}
