/** The four translations and what lies between them, each as a function that can be called over and over. */
import type { AccessRequest } from '../../src/domain/request.ts';
import { readEnvelope } from '../../src/gateway/envelope.ts';
import { readRequest } from '../../src/gateway/event.ts';
import { toResult } from '../../src/gateway/response.ts';
import { toSideband } from '../../src/sideband/payload.ts';
import { readReply } from '../../src/sideband/reply.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import type { DenyAnswer } from '../../test/support/behaviours.ts';
import { clientCertificates } from '../../test/support/client-certificates.ts';
import { httpEvent, httpV1Event, restEvent, websocketEvent } from '../../test/support/events.ts';
import { renderAnswer } from '../../test/support/sideband-answers.ts';

export interface Part {
  readonly name: string;
  readonly work: () => unknown;
}

const EVENTS = {
  'REST event': restEvent(),
  'HTTP 2.0 event': httpEvent(),
  'HTTP 1.0 event': httpV1Event(),
  'WebSocket event': websocketEvent(),
} as const;

const SOURCE_PORT = 50_000;

const STEP_UP: DenyAnswer = {
  kind: 'deny',
  code: 401,
  headers: [['WWW-Authenticate', 'Bearer error="insufficient_user_authentication", acr_values="mfa"']],
  body: JSON.stringify({ message: 'A stronger login is needed' }),
};

/** PingOne's reply to a request, as bytes that arrived. */
export const replyTo = (request: AccessRequest, deny?: DenyAnswer): SidebandReply => {
  const { status, headers, body } = renderAnswer(
    deny ?? { kind: 'permit' },
    JSON.parse(JSON.stringify(toSideband(request, SOURCE_PORT))),
  );
  const lowerCase = headers.map(([name, value]) => [name.toLowerCase(), value]);
  return { status, headers: Object.fromEntries(lowerCase), body };
};

export const pureParts = (): readonly Part[] => {
  const event = EVENTS['REST event'];
  const envelope = readEnvelope(event);
  const request = requestOf(event);
  const asked = toSideband(request, SOURCE_PORT);
  const [permitting, denying] = [replyTo(request), replyTo(request, STEP_UP)];
  const [permit, denial] = [readReply(permitting, asked), readReply(denying, asked)];
  const certified: AccessRequest = { ...request, clientCertificatePem: clientCertificates.ecPem };
  const answers = { responseFormat: 'iam', failClosedAs: 'deny', unauthorizedAs: 'deny', forwardHeaders: [] } as const;
  const ids = { requestId: 'request', traceId: undefined };
  return [
    ...Object.entries(EVENTS).map(([name, one]) => ({ name: `read a ${name}`, work: () => requestOf(one) })),
    { name: 'build the payload', work: () => toSideband(request, SOURCE_PORT) },
    { name: 'build the payload, client certificate', work: () => toSideband(certified, SOURCE_PORT) },
    { name: 'write the payload as JSON', work: () => JSON.stringify(asked) },
    { name: 'read a permit', work: () => readReply(permitting, asked) },
    { name: 'read a step-up denial', work: () => readReply(denying, asked) },
    { name: 'JSON.parse of the same permit alone', work: () => JSON.parse(String(permitting.body)) },
    { name: 'build the policy of a permit', work: () => toResult(permit, envelope, request, ids, answers) },
    { name: 'build the policy of a denial', work: () => toResult(denial, envelope, request, ids, answers) },
  ];
};

function requestOf(event: unknown): AccessRequest {
  return readRequest(event, readEnvelope(event));
}
