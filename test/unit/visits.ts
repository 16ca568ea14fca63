/** Visits for tests: invocations at their beginning. */
import type { Visit } from '../../src/corridor/port.ts';
import { newFacts } from '../../src/domain/call.ts';
import { readEnvelope } from '../../src/gateway/envelope.ts';
import { readRequest } from '../../src/gateway/event.ts';
import { readInvocation } from '../../src/lambda/invocation.ts';

/** The visit of an API Gateway event. */
export const visitOf = (event: unknown, overrides: Partial<Visit> = {}): Visit => {
  const envelope = readEnvelope(event);
  return {
    envelope,
    readRequest: () => readRequest(event, envelope),
    invocation: readInvocation(undefined),
    facts: newFacts(),
    coldStart: false,
    initMs: undefined,
    trace: undefined,
    ...overrides,
  };
};
