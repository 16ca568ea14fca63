/** Whole decisions without a wire: the composition as it is, and with one decorator less or more. */
import { createAuthorizer } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readEnvelope } from '../../src/gateway/envelope.ts';
import { readRequest } from '../../src/gateway/event.ts';
import { restEvent } from '../../test/support/events.ts';
import { replyTo } from './pure.ts';

export interface Whole {
  readonly name: string;
  readonly decide: () => Promise<unknown>;
}

/** What is set beside the defaults. `as it is` writes its lines as JSON and drops them. */
const VARIANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'as it is': {},
  'without the breaker': { BREAKER_ENABLED: 'false' },
  'without retries': { PINGONE_RETRIES: '0' },
  'without metrics': { METRICS: 'none' },
  'without the log line': { LOG_LEVEL: 'SILENT' },
  'without log line and metrics': { LOG_LEVEL: 'SILENT', METRICS: 'none' },
  'with the debug record': { DEBUG: 'true' },
  'with three forwarded headers': { FORWARD_HEADERS: 'x-user,x-tenant,user-agent' },
  'from the decision cache': { DECISION_CACHE_TTL_MS: '3600000' },
};

const REQUIRED = { PINGONE_SERVICE_URL: 'https://pdp.example.org/e1', PINGONE_GATEWAY_CREDENTIAL: 'c'.repeat(256) };

/** One authorizer for each variant; the service's reply is there at once. */
export const wholeDecisions = (): readonly Whole[] => {
  const event = restEvent();
  const reply = replyTo(readRequest(event, readEnvelope(event)));
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 3000 };
  return Object.entries(VARIANTS).map(([name, variables]) => {
    const authorize = createAuthorizer(loadConfig({ ...REQUIRED, ...variables }), {
      send: () => Promise.resolve(reply),
      writeLine: () => undefined,
    });
    return { name, decide: () => authorize(event, context) };
  });
};
