/** What PingOne's echo makes of a viewer request: a genuine decision through the one door, and its answer to CloudFront. */
import type { CloudFrontRequest } from 'aws-lambda';
import type { Gateway, Visit } from '../../src/corridor/port.ts';
import { newFacts } from '../../src/domain/call.ts';
import type { Decision, UnappliedChange } from '../../src/domain/decision.ts';
import { cloudFront, type EdgeResult } from '../../src/edge/cloudfront.ts';
import type { PreflightSettings } from '../../src/edge/preflight.ts';
import { readInvocation } from '../../src/lambda/invocation.ts';
import { toSideband } from '../../src/sideband/payload.ts';
import { readReply } from '../../src/sideband/reply.ts';
import { viewerRequest } from './viewer-request.ts';

/** What `loadEdgeConfig` makes of no edge setting at all. */
export const SETTINGS: PreflightSettings = {
  sendBody: false,
  onIncompleteBody: 'deny',
  preflight: 'ask',
  cors: { allowedOrigins: [], allowCredentials: false },
};

export interface Answered {
  readonly result: EdgeResult;
  readonly unapplied: readonly UnappliedChange[];
  readonly decision: Decision;
}

/** Answers a viewer request whose sideband call meets this reply, made from the echo of what was asked. */
export const answered = (
  overrides: Partial<CloudFrontRequest>,
  reply: (echo: Readonly<Record<string, unknown>>) => unknown,
  settings: PreflightSettings = SETTINGS,
): Answered => {
  const gateway: Gateway<EdgeResult> = cloudFront(settings);
  const event = viewerRequest(overrides);
  const { envelope, readRequest, toResult } = gateway.receive(event);
  const request = readRequest();
  const asked = toSideband(request, 50_000);
  const body = Buffer.from(JSON.stringify(reply({ ...asked })));
  const decision = readReply({ status: 200, headers: {}, body }, asked);
  const unapplied = decision.effect === 'permit' ? gateway.unapplied(decision) : [];
  const visit: Visit = {
    envelope,
    readRequest,
    invocation: readInvocation(undefined),
    facts: newFacts(),
    coldStart: false,
    initMs: undefined,
    trace: undefined,
  };
  const result = toResult({ decision, request, unapplied, fault: undefined }, visit);
  return { result, unapplied, decision };
};
