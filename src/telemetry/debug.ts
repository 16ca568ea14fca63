/** The DEBUG=true record: what was asked, exchanged and answered, with every value that could be a secret left out. */
import type { Outcome, Visit } from '../corridor/port.ts';
import { changeLabels } from '../domain/decision.ts';
import type { HeaderLine } from '../domain/request.ts';
import { holdsToken, looksOpaque, shownName } from '../domain/token-shape.ts';
import { shownId, toHundredths } from './format.ts';

/** The record. It is written beside the decision's line and names it by the same ids. */
export const redactedExchange = (
  { envelope, facts, invocation }: Visit,
  { decision, request }: Outcome,
  timestamp: string,
): Readonly<Record<string, unknown>> => ({
  level: 'DEBUG',
  timestamp,
  message: 'exchange',
  requestId: shownId(envelope.requestId),
  lambdaRequestId: shownId(invocation.requestId),
  correlationId: decision.correlationId,
  request: request && {
    kind: request.kind,
    method: request.method,
    url: redactedUrl(request.url, envelope.route),
    headers: request.headers.map(redactedHeader),
    clientCertificate: request.clientCertificatePem !== undefined,
  },
  pdp: {
    attempts: facts.attempts,
    ms: toHundredths(facts.pdpMs),
    status: facts.pdpStatus,
    breaker: facts.breaker,
  },
  result:
    decision.effect === 'permit'
      ? { effect: 'permit', headers: decision.headers.map(redactedHeader), changes: changeLabels(decision.changes) }
      : {
          effect: 'deny',
          reasonCode: decision.reasonCode,
          status: decision.status,
          challenge: decision.challenge !== undefined,
          body: decision.body !== undefined,
        },
});

/** The URL with nothing of the client's but host and names of parameters. */
function redactedUrl(url: string, route: string | undefined): string {
  const queryAt = url.indexOf('?');
  const [origin = ''] = /^https:\/\/[^/?]*/.exec(url) ?? [];
  return (
    (holdsToken(origin) || looksOpaque(origin) ? 'https://[redacted]' : origin) +
    templateOf(route) +
    (queryAt < 0 ? '' : redactedQuery(url.slice(queryAt + 1)))
  );
}

/** The path as the route's template spells it; nothing if the route has none, as `$default` and `$connect` have none. */
function templateOf(route: string | undefined): string {
  const path = route === undefined ? '' : route.slice(route.indexOf(' ') + 1);
  return path.startsWith('/') ? path : '';
}

function redactedQuery(query: string): string {
  return `?${query.split('&').map(redactedParameter).join('&')}`;
}

/** A parameter with its name alone. What has no value may itself be one: the whole query may be a token. */
function redactedParameter(pair: string): string {
  return /^[^=]+=./.test(pair) ? `${shownName(pair.slice(0, pair.indexOf('=')))}=[redacted]` : '[redacted]';
}

function redactedHeader([name, value]: HeaderLine): Readonly<Record<string, string>> {
  return { [shownName(name)]: `[redacted, ${value.length} characters]` };
}
