/** The DEBUG=true record: what was asked, exchanged and answered, with every value that could be a secret left out. */
import type { Outcome, Visit } from '../authorizer.ts';
import { changeLabels } from '../decision.ts';
import type { HeaderLine } from '../request.ts';

const redacted = (value: string): string => `[redacted, ${value.length} characters]`;

const redactedHeader = ([name, value]: HeaderLine): Readonly<Record<string, string>> => ({ [name]: redacted(value) });

/** The URL with the names in its query and none of the values. */
const redactedUrl = (url: string): string => {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return path;
  return `${path}?${query
    .split('&')
    .map(pair => (/^[^=]+=./.test(pair) ? `${pair.slice(0, pair.indexOf('='))}=[redacted]` : '[redacted]'))
    .join('&')}`;
};

/** The record. It is written beside the decision's line and names it by the same ids. */
export const redactedExchange = (
  { envelope, facts, invocation }: Visit,
  { decision, request }: Outcome,
  timestamp: string,
): Readonly<Record<string, unknown>> => ({
  level: 'DEBUG',
  timestamp,
  message: 'exchange',
  requestId: envelope.requestId,
  lambdaRequestId: invocation.requestId,
  correlationId: decision.correlationId,
  request: request && {
    kind: request.kind,
    method: request.method,
    url: redactedUrl(request.url),
    headers: request.headers.map(redactedHeader),
    clientCertificate: request.clientCertificatePem !== undefined,
  },
  pdp: {
    attempts: facts.attempts,
    ms: Math.round(facts.pdpMs * 100) / 100,
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
