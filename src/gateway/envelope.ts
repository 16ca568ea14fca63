/** Reads the envelope of an API Gateway event. It never throws, so that even a broken event is answered and logged. */
import { type Members, membersOf, membersOrNone } from '../domain/json.ts';
import type { EventKind, HeaderLine } from '../domain/request.ts';
import { type Envelope, NO_ENVELOPE } from '../lambda/envelope.ts';
import { optionalString } from '../lambda/event-fields.ts';
import { isTraceHeader } from '../lambda/trace-context.ts';

/** `arn:partition:execute-api:region:account:api/stage/...`. Before the path it has no wildcard, so that a policy stays in its stage. */
const ARN =
  /^arn:aws[a-z-]*:execute-api:[a-z0-9-]+:[A-Za-z0-9-]*:(?<api>[A-Za-z0-9-]+)\/(?<stage>[A-Za-z0-9_$-]+)\/[^\p{Cc}/*?]+(?:\/\P{Cc}*)?$/u;
/** For a longer ARN, API Gateway answers 414 and does not call the authorizer. */
const MAX_ARN_LENGTH = 1600;

/** Reads the envelope. Never throws, not even for getters and proxies that do. */
export const readEnvelope = (event: unknown): Envelope => {
  try {
    return read(membersOrNone(event));
  } catch {
    return NO_ENVELOPE;
  }
};

function read(event: Members): Envelope {
  const context = membersOf(event['requestContext']);
  const kind = kindOf(event, context);
  const arn = optionalString(event, event['version'] === '2.0' ? 'routeArn' : 'methodArn') ?? '';
  const parts = arn.length <= MAX_ARN_LENGTH ? ARN.exec(arn)?.groups : undefined;
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
}

function kindOf(event: Members, context: Members | undefined): EventKind | undefined {
  if (event['type'] !== 'REQUEST') return undefined;
  const version = event['version'] ?? undefined;
  if (version === '2.0') return 'http-2.0';
  if (version === '1.0') return 'http-1.0';
  if (version !== undefined) return undefined;
  const [routeKey, eventType] = [context?.['routeKey'] ?? undefined, context?.['eventType'] ?? undefined];
  if (routeKey === undefined && eventType === undefined) return 'rest';
  return (routeKey ?? '$connect') === '$connect' && (eventType ?? 'CONNECT') === 'CONNECT' ? 'websocket' : undefined;
}

function traceHeaders(event: Members): readonly HeaderLine[] {
  return Object.entries(membersOrNone(event['headers'])).filter(
    (entry): entry is [string, string] => isTraceHeader(entry[0]) && typeof entry[1] === 'string',
  );
}
