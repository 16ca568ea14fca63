/** Rules for the answer: an IAM policy on the exact ARN, a simple response, or one of two errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, parsePolicy } from '../../../local/gateway/iam.ts';
import type { AnswerSettings } from '../../../src/config/configuration.ts';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import { type Decision, deny } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import { type AuthorizerResult, toResult } from '../../../src/gateway/response.ts';
import type { GatewayEvent } from '../../support/event-parts.ts';
import { httpEvent, httpV1Event, restEvent, tokenEvent, websocketEvent } from '../../support/events.ts';
import { REST_ARN } from '../../support/golden-events.ts';
import { permitFor } from '../permits.ts';

const SETTINGS: AnswerSettings = {
  responseFormat: 'iam',
  failClosedAs: 'deny',
  unauthorizedAs: 'throw',
  forwardHeaders: [],
};
const PERMIT = permitFor({ headers: [], changes: [] });
const DENIED = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
const UNAUTHENTICATED = deny({ reasonCode: 'UNAUTHENTICATED', status: 401, reason: 'no', fromPdp: true });
const STEP_UP = deny({ reasonCode: 'STEP_UP_REQUIRED', status: 401, reason: 'no', fromPdp: true });
const DOWN = failClosed(new AuthorizerError('PDP_TIMEOUT'));

const answer = (decision: Decision, event: unknown, settings: Partial<AnswerSettings> = {}): AuthorizerResult => {
  const envelope = readEnvelope(event);
  const request = envelope.kind === undefined ? undefined : readRequest(event, envelope);
  return toResult(decision, envelope, request, { requestId: 'r1', traceId: undefined }, { ...SETTINGS, ...settings });
};

describe('an IAM answer', () => {
  it.each([
    ['REST', restEvent(), 'methodArn'],
    ['HTTP 1.0', httpV1Event(), 'methodArn'],
    ['HTTP 2.0', httpEvent(), 'routeArn'],
    ['WebSocket', websocketEvent(), 'methodArn'],
  ])('to a %s API is one statement on the event’s exact ARN', (_, event: GatewayEvent, arn) => {
    for (const [decision, effect] of [
      [PERMIT, 'Allow'],
      [DENIED, 'Deny'],
      [DOWN, 'Deny'],
    ] as const) {
      expect(answer(decision, event)).toMatchObject({
        policyDocument: {
          Version: '2012-10-17',
          Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: event[arn] }],
        },
      });
    }
  });

  it('names the subject only after a permit', () => {
    expect(answer(PERMIT, restEvent())).toMatchObject({ principalId: 'alice' });
    expect(answer(DENIED, restEvent())).toMatchObject({ principalId: 'pingone' });
    expect(answer(PERMIT, websocketEvent())).toMatchObject({ principalId: 'pingone' });
    const ids = { requestId: 'r1', traceId: undefined };
    expect(toResult(PERMIT, readEnvelope(restEvent()), undefined, ids, SETTINGS)).toMatchObject({
      principalId: 'pingone',
    });
  });

  it('is a Deny on everything if the event has no usable ARN', () => {
    expect(answer(failClosed(new AuthorizerError('INVALID_REQUEST')), tokenEvent({ methodArn: 'x' }))).toMatchObject({
      principalId: 'pingone',
      policyDocument: { Statement: [{ Effect: 'Deny', Resource: '*' }] },
    });
  });
});

/** Whether a policy allows an ARN, by AWS's own rule as the gateway emulator applies it. */
const allows = (result: AuthorizerResult, arn: string): boolean => {
  if (!('policyDocument' in result)) throw new Error('no policy');
  const statements = parsePolicy(result.policyDocument);
  if (typeof statements === 'string') throw new Error(statements);
  return evaluate(statements, arn) === 'allow';
};

describe('a policy that allows', () => {
  const base = REST_ARN.replace('/products/1', '/');
  const path = fc.string({
    unit: fc.constantFrom('*', '?', '$', '{', '}', '/', ':', 'a', 'b', '.', '%2A', '+', '\\', 'é'),
    maxLength: 12,
  });

  it('allows the requested path, even if it holds wildcards and IAM variables', () => {
    for (const tail of [
      'a*',
      '?',
      '*/../*',
      '$*{',
      ...['{*}', '{aws:username}', '{?}', '{'].map(variable => `$${variable}`),
    ]) {
      expect(allows(answer(PERMIT, restEvent({ methodArn: base + tail })), base + tail)).toBe(true);
    }
    fc.assert(
      fc.property(path, tail => {
        expect(allows(answer(PERMIT, restEvent({ methodArn: base + tail })), base + tail)).toBe(true);
      }),
    );
  });

  it('never allows any other path', () => {
    fc.assert(
      fc.property(path, path, (tail, other) => {
        fc.pre(tail !== other);
        expect(allows(answer(PERMIT, restEvent({ methodArn: base + tail })), base + other)).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(allows(answer(PERMIT, restEvent({ methodArn: `${base}*` })), `${base}admin`)).toBe(false);
    expect(allows(answer(PERMIT, restEvent({ methodArn: `${base}a?c` })), `${base}abc`)).toBe(false);
  });
});

describe('a denial at a WebSocket API', () => {
  const bytesOf = (decision: Decision, event: GatewayEvent): number =>
    Buffer.byteLength(JSON.stringify(answer(decision, event, { unauthorizedAs: 'deny' })));
  const long = deny({
    ...DENIED,
    reason: 'r'.repeat(5000),
    challenge: `Bearer realm="${'"'.repeat(1000)}"`,
    body: JSON.stringify({ message: '"'.repeat(1000) }),
    correlationId: 'c'.repeat(128),
  });
  const websocket = (tail: string) =>
    websocketEvent({ methodArn: `arn:aws:execute-api:us-east-1:123456789012:api3/prod/$connect${tail}` });

  it('keeps its body up to 8,191 bytes', () => {
    const filling = (bytes: number) => websocket(`/${'x'.repeat(bytes - bytesOf(long, websocket('/')))}`);
    expect(answer(long, filling(8191)).context).toHaveProperty('body');
    expect(answer(long, filling(8192)).context).not.toHaveProperty('body');
  });

  it('is at most 8 KB: the body is dropped first, then the challenge', () => {
    expect(answer(long, websocket(''))).toMatchObject({
      context: { body: long.body, wwwAuthenticate: long.challenge },
    });
    const withoutBody = answer(long, websocket(`/${'x'.repeat(1500)}`)).context;
    expect(withoutBody).not.toHaveProperty('body');
    expect(withoutBody).toHaveProperty('wwwAuthenticate', long.challenge);
    const withoutBoth = answer(long, websocket(`/${'\ud83d'.repeat(1080)}`)).context;
    expect(Object.keys(withoutBoth)).toEqual(['effect', 'reasonCode', 'reason', 'status', 'correlationId']);
  });

  it('is at most 8 KB whatever PingOne and the client sent', () => {
    const text = (alphabet: string, maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...alphabet), minLength: maxLength / 2, maxLength });
    const path = text('"\\€\u2028\ud83d', 1500);
    const message = fc.oneof(text('"\\', 1000), text('é€😀', 300));
    fc.assert(
      fc.property(path, text('"\\', 1024), message, text('ab"é', 1000), (tail, challenge, said, reason) => {
        const denial = deny({ ...DENIED, reason, challenge, body: JSON.stringify({ message: said }) });
        expect(bytesOf(denial, websocket(`/${tail}`))).toBeLessThan(8192);
      }),
      // Shrinking such long texts would take minutes.
      { endOnFailure: true },
    );
  });

  it('is the only answer that is shortened, because other APIs have no such limit', () => {
    const rest = restEvent({ methodArn: `${REST_ARN}/${'"€'.repeat(600)}` });
    expect(answer(long, rest)).toMatchObject({ context: { body: long.body, wwwAuthenticate: long.challenge } });
  });
});

describe('a simple answer', () => {
  const simple = { responseFormat: 'simple' } as const;

  it('is one boolean and the context', () => {
    expect(answer(PERMIT, httpEvent(), simple)).toEqual({
      isAuthorized: true,
      context: expect.objectContaining({ effect: 'permit' }),
    });
    expect(answer(DENIED, httpEvent(), simple)).toEqual({
      isAuthorized: false,
      context: expect.objectContaining({ effect: 'deny' }),
    });
  });

  it('exists only for payload 2.0; every other kind gets a policy', () => {
    for (const event of [restEvent(), httpV1Event(), websocketEvent()]) {
      expect(answer(PERMIT, event, simple)).toHaveProperty('policyDocument');
    }
  });

  it('is false for a value that is no event at all', () => {
    expect(answer(DOWN, null, simple)).toMatchObject({ isAuthorized: false });
  });
});

describe('UNAUTHORIZED_AS', () => {
  it('throw: a 401 from PingOne is exactly Error("Unauthorized"), even with a step-up', () => {
    for (const decision of [UNAUTHENTICATED, STEP_UP]) {
      for (const event of [restEvent(), httpEvent(), websocketEvent()]) {
        expect(() => answer(decision, event)).toThrow(/^Unauthorized$/);
      }
    }
  });

  it('deny: a 401 is a Deny with context', () => {
    expect(answer(UNAUTHENTICATED, restEvent(), { unauthorizedAs: 'deny' })).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
      context: { reasonCode: 'UNAUTHENTICATED', status: '401' },
    });
  });

  it('changes no other denial, nor a step-up for which PingOne gave another code or none', () => {
    for (const status of [403, undefined]) {
      const answered = { status, headers: [], body: undefined };
      expect(answer(deny({ ...STEP_UP, answer: answered }), restEvent())).toMatchObject({
        context: { reasonCode: 'STEP_UP_REQUIRED', status: '401' },
      });
    }
    expect(answer(DENIED, restEvent())).toMatchObject({ context: { reasonCode: 'POLICY_DENIED' } });
  });
});

describe('FAIL_CLOSED_AS', () => {
  it('error: a fault is thrown with its code, and never as "Unauthorized"', () => {
    expect(() => answer(DOWN, restEvent(), { failClosedAs: 'error' })).toThrow(/^PDP_TIMEOUT: /);
    expect(() => answer(failClosed('x'), restEvent(), { failClosedAs: 'error' })).toThrow(/^INTERNAL: /);
  });

  it('error: PingOne’s own denial is still an answer', () => {
    expect(answer(DENIED, restEvent(), { failClosedAs: 'error' })).toMatchObject({ context: { effect: 'deny' } });
    expect(() => answer(UNAUTHENTICATED, restEvent(), { failClosedAs: 'error' })).toThrow(/^Unauthorized$/);
    expect(answer(PERMIT, restEvent(), { failClosedAs: 'error' })).toMatchObject({ context: { effect: 'permit' } });
  });
});
