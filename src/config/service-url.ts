/** Parses the URLs that are called: PingOne's Service URL into the parts that a call needs, and a key server's. */
import { type Parser, Problem, refusePlaceholder } from './parsers.ts';

/** The parts of the Service URL that a call needs. */
export interface ServiceUrl {
  readonly protocol: string;
  readonly origin: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
}

/** The Service URL without its trailing slashes. */
export const serviceUrl: Parser<ServiceUrl> = text => {
  const url = calledUrl(text);
  if (/[?#]/.test(text)) throw new Problem('must have no query and no fragment');
  // The lookbehind keeps the work linear: without it, each slash of a long run would be tried as the first.
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '');
  if (/\/sideband(?:\/(?:request|response))?$/i.test(url.pathname)) {
    throw new Problem('must be the Service URL alone: leave out "/sideband" and what follows, it is added for you');
  }
  // A URL object would stay mutable even if it were frozen.
  const { protocol, origin, host, hostname, port, pathname } = url;
  return Object.freeze({ protocol, origin, host, hostname, port, pathname });
};

/** The URL of a JSON Web Key Set; it may have a query. */
export const keySetUrl: Parser<string> = text => {
  const url = calledUrl(text);
  if (text.includes('#')) throw new Problem('must have no fragment');
  return url.href;
};

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

function calledUrl(text: string): URL {
  refusePlaceholder(text);
  const url = /^https?:\/\/(?!\/)[\x21-\x5b\x5d-\x7e]+$/i.test(text) ? URL.parse(text) : null;
  if (url === null) throw new Problem('must be an absolute URL, https://…');
  if (url.protocol !== 'https:' && !LOOPBACK.test(url.hostname)) {
    throw new Problem('must begin with https:// (http:// is accepted for loopback hosts alone)');
  }
  if (url.username !== '' || url.password !== '') throw new Problem('must not hold a user name or password');
  return url;
}
