/** The envelope of an API Gateway event, however broken: read without ever throwing. */

import type { EventKind, HeaderLine } from '../domain/request.ts';
import { type Envelope, NO_ENVELOPE } from '../lambda/envelope.ts';
import { type Fields, fieldsOf, optionalString } from '../lambda/fields.ts';

/** `arn:partition:execute-api:region:account:api/stage/...`: no wildcard before the path, so that a policy on it stays in its stage. */
const ARN =
  /^arn:aws[a-z-]*:execute-api:[a-z0-9-]+:[A-Za-z0-9-]*:(?<api>[A-Za-z0-9-]+)\/(?<stage>[A-Za-z0-9_$-]+)\/[^\p{Cc}/*?]+(?:\/\P{Cc}*)?$/u;
/** API Gateway answers 414 above 1,600 bytes and calls nobody. */
const LONGEST_ARN = 1600;

const isTraceHeader = (entry: [string, unknown]): entry is [string, string] =>
  /^trace(?:parent|state)$/i.test(entry[0]) && typeof entry[1] === 'string';

const traceHeaders = (event: Fields): readonly HeaderLine[] =>
  Object.entries(fieldsOf(event['headers']) ?? {}).filter(isTraceHeader);

const kindOf = (event: Fields, context: Fields | undefined): EventKind | undefined => {
  if (event['type'] !== 'REQUEST') return undefined;
  const version = event['version'] ?? undefined;
  if (version === '2.0') return 'http-2.0';
  if (version === '1.0') return 'http-1.0';
  if (version !== undefined) return undefined;
  const [routeKey, eventType] = [context?.['routeKey'] ?? undefined, context?.['eventType'] ?? undefined];
  if (routeKey === undefined && eventType === undefined) return 'rest';
  return (routeKey ?? '$connect') === '$connect' && (eventType ?? 'CONNECT') === 'CONNECT' ? 'websocket' : undefined;
};

const read = (event: Fields): Envelope => {
  const context = fieldsOf(event['requestContext']);
  const kind = kindOf(event, context);
  const arn = optionalString(event, event['version'] === '2.0' ? 'routeArn' : 'methodArn') ?? '';
  const parts = arn.length <= LONGEST_ARN ? ARN.exec(arn)?.groups : undefined;
  return Object.freeze({
    kind: parts === undefined ? undefined : kind,
    arn: parts === undefined ? '*' : arn,
    apiId: parts?.['api'],
    stage: parts?.['stage'],
    route:
      optionalString(event, 'routeKey') ?? optionalString(event, 'resource') ?? optionalString(context, 'routeKey'),
    requestId: optionalString(context, 'requestId'),
    traceHeaders: traceHeaders(event),
  });
};

/** Reads the envelope; total: hostile getters and proxies included. */
export const readEnvelope = (event: unknown): Envelope => {
  try {
    const fields = fieldsOf(event);
    return fields === undefined ? NO_ENVELOPE : read(fields);
  } catch {
    return NO_ENVELOPE;
  }
};
