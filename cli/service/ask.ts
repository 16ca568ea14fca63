/** Asks the policy service about a request in the way of the deployed function: its event, payload, transport and reply. */
import { type Composed, compose } from '../../src/compose.ts';
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import type { Gateway, Outcome } from '../../src/corridor/port.ts';
import { apiGateway } from '../../src/gateway/api-gateway.ts';
import type { AuthorizerResult } from '../../src/gateway/response.ts';
import { type ClientRequest, restEvent } from './rest-event.ts';

export type Ask = (request: ClientRequest) => Promise<Outcome>;

/**
 * Opens the service. Each request is asked on its own: no breaker opens, no gate refuses, no shadow is asked, and nothing is
 * cached, logged or exported.
 */
export const openService = (config: AuthorizerConfig): Ask => {
  const { authorize }: Composed<Outcome> = compose(withOutcome(apiGateway(config.answers)), quiet(config), {
    writeLine: () => undefined,
  });
  return request => authorize(restEvent(request));
};

/** API Gateway as it is, but that the outcome itself is the answer. */
function withOutcome(gateway: Gateway<AuthorizerResult>): Gateway<Outcome> {
  return {
    ...gateway,
    receive: event => {
      const { envelope, readRequest } = gateway.receive(event);
      return { envelope, readRequest, toResult: outcome => outcome };
    },
  };
}

function quiet(config: AuthorizerConfig): AuthorizerConfig {
  return {
    ...config,
    breaker: undefined,
    cache: undefined,
    tokenGate: undefined,
    shadow: undefined,
    debug: false,
    logLevel: 'SILENT',
    metrics: 'none',
    otel: { OTEL_SDK_DISABLED: 'true' },
  };
}
