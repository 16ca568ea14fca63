/** Exactly what API Gateway gets: golden answers, and each setting that changes them. */
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { httpEvent, httpV1Event, restEvent, tokenEvent, websocketEvent } from '../support/events.ts';
import { HTTP_ARN, REST_ARN, WEBSOCKET_ARN } from '../support/golden-events.ts';
import { CORRELATION_ID } from '../support/sideband-answers.ts';
import { contextOf, effectOf } from './answers.ts';
import { type Answer, type Environment, setStage } from './stage.ts';

const PERMIT: Behaviour = { kind: 'permit' };
const STEP_UP = 'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="60"';
const FORBIDDEN: Behaviour = {
  kind: 'deny',
  code: '403',
  body: '{"id":"x","code":"ACCESS_FAILED","message":"No \\"access\\" here"}',
};

const answerTo = async (behaviour: Behaviour, event: unknown, environment: Environment = {}): Promise<Answer> =>
  (await setStage(environment)).play(behaviour, event);

const iam = (effect: string, resource: string, principalId: string, context: object): Answer => ({
  result: {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
    },
    context,
  },
});
const PERMITTED = { effect: 'permit', reasonCode: 'PERMIT', correlationId: CORRELATION_ID };

describe('a permit', () => {
  it.each([
    ['REST', restEvent(), REST_ARN, 'alice'],
    ['HTTP 1.0', httpV1Event(), HTTP_ARN, 'alice'],
    ['HTTP 2.0', httpEvent(), HTTP_ARN, 'alice'],
    ['WebSocket', websocketEvent(), WEBSOCKET_ARN, 'pingone'],
  ])('is exactly this answer for a %s API', async (_, event, arn, principalId) => {
    expect(await answerTo(PERMIT, event)).toEqual(iam('Allow', arn, principalId, PERMITTED));
  });

  it('is one boolean with RESPONSE_FORMAT=simple', async () => {
    expect(await answerTo(PERMIT, httpEvent(), { RESPONSE_FORMAT: 'simple' })).toEqual({
      result: { isAuthorized: true, context: PERMITTED },
    });
  });
});

describe('a denial', () => {
  it('is exactly this answer, with PingOne’s reason made safe and its body on one line', async () => {
    expect(await answerTo(FORBIDDEN, restEvent())).toEqual(
      iam('Deny', REST_ARN, 'pingone', {
        effect: 'deny',
        reasonCode: 'POLICY_DENIED',
        reason: "No 'access' here",
        status: '403',
        correlationId: CORRELATION_ID,
        body: '{"id":"x","code":"ACCESS_FAILED","message":"No \\"access\\" here"}',
      }),
    );
  });

  it('has the same context and no policy with RESPONSE_FORMAT=simple', async () => {
    const answer = await answerTo(FORBIDDEN, httpEvent(), { RESPONSE_FORMAT: 'simple' });
    expect(answer).toMatchObject({ result: { isAuthorized: false } });
    expect(contextOf(answer)).toMatchObject({ reasonCode: 'POLICY_DENIED', status: '403' });
  });

  it.each([
    ['402', 'POLICY_DENIED', '402'],
    ['404', 'POLICY_DENIED', '404'],
    ['200', 'POLICY_DENIED', '403'],
    ['302', 'POLICY_DENIED', '403'],
    ['abc', 'POLICY_DENIED', '403'],
  ])('with PingOne’s code %s has reason %s and status %s', async (code, reasonCode, status) => {
    expect(contextOf(await answerTo({ kind: 'deny', code }, restEvent()))).toMatchObject({ reasonCode, status });
  });

  it('names no ARN if the event has no usable one', async () => {
    const { pdp, answer } = await setStage();
    expect(await answer(tokenEvent({ methodArn: 'nonsense' }))).toMatchObject(
      iam('Deny', '*', 'pingone', { reasonCode: 'INVALID_REQUEST', status: '400' }),
    );
    expect(pdp.callCount).toBe(0);
  });
});

describe('UNAUTHORIZED_AS', () => {
  const unauthorized: Behaviour = { kind: 'deny', code: '401', headers: [['WWW-Authenticate', STEP_UP]] };

  it.each([restEvent(), httpEvent(), websocketEvent()])(
    'throw: a 401 is the error for which API Gateway answers 401',
    async event => {
      expect(await answerTo(unauthorized, event)).toEqual({ error: 'Unauthorized' });
      expect(await answerTo({ kind: 'deny', code: 401, headers: null }, event)).toEqual({ error: 'Unauthorized' });
    },
  );

  it('deny: the challenge reaches the gateway response unchanged', async () => {
    const context = contextOf(await answerTo(unauthorized, restEvent(), { UNAUTHORIZED_AS: 'deny' }));
    expect(context).toMatchObject({ reasonCode: 'STEP_UP_REQUIRED', status: '401', wwwAuthenticate: STEP_UP });
  });

  it('deny: a step-up is a 401 even if PingOne sent 403', async () => {
    const behaviour: Behaviour = { kind: 'deny', code: '403', headers: [['www-authenticate', STEP_UP]] };
    expect(contextOf(await answerTo(behaviour, restEvent(), { UNAUTHORIZED_AS: 'deny' }))).toMatchObject({
      reasonCode: 'STEP_UP_REQUIRED',
      status: '401',
    });
  });
});

describe('FAIL_CLOSED_AS', () => {
  const down: Behaviour = { kind: 'reply', status: 500, body: '' };

  it('deny: a fault is a Deny with its reason', async () => {
    expect(contextOf(await answerTo(down, restEvent()))).toMatchObject({ reasonCode: 'PDP_ERROR', status: '502' });
  });

  it('error: a fault is an error with its reason, and never "Unauthorized"', async () => {
    const error = { FAIL_CLOSED_AS: 'error' };
    expect(await answerTo(down, restEvent(), error)).toEqual({
      error: expect.stringMatching(/^PDP_ERROR: /) as unknown,
    });
    expect(await answerTo({ kind: 'reply', status: 401 }, restEvent(), error)).toEqual({
      error: expect.stringMatching(/^CREDENTIAL_REFUSED: /) as unknown,
    });
    const { answer } = await setStage(error);
    expect(await answer(null)).toEqual({ error: expect.stringMatching(/^INVALID_REQUEST: /) as unknown });
  });

  it('error: PingOne’s own denial is still an answer', async () => {
    expect(effectOf(await answerTo(FORBIDDEN, restEvent(), { FAIL_CLOSED_AS: 'error' }))).toBe('Deny');
  });
});

describe('FORWARD_HEADERS', () => {
  const forward = { FORWARD_HEADERS: 'X-User, x-role,accept,x-missing' };
  const permit: Behaviour = {
    kind: 'permit',
    edits: {
      set: [['X-USER', 'alice']],
      remove: ['accept'],
      add: [
        ['x-role', 'a'],
        ['X-Role', 'b'],
      ],
    },
  };

  it('gives the final values, and an empty string for a header that is missing or that PingOne removed', async () => {
    const spoofed = restEvent({
      headers: { 'x-user': 'admin', 'x-missing': '' },
      multiValueHeaders: { 'x-user': ['admin'], accept: ['*/*'] },
    });
    expect(contextOf(await answerTo(permit, spoofed, forward))).toEqual({
      ...PERMITTED,
      hdr_x_user: 'alice',
      hdr_x_role: 'a, b',
      hdr_accept: '',
      hdr_x_missing: '',
    });
  });

  it('gives no header with a denial', async () => {
    const names = Object.keys(contextOf(await answerTo(FORBIDDEN, restEvent(), forward)));
    expect(names.filter(name => name.startsWith('hdr_'))).toEqual([]);
  });
});

describe('ON_UNAPPLIED_CHANGES', () => {
  const ASKED = 'https://api1.execute-api.us-east-1.amazonaws.com/dev/products/1';
  const changed: Behaviour = { kind: 'permit', edits: { url: `${ASKED}?q=b`, add: [['x-user', 'alice']] } };

  it('ignore: the permit stands, and the changes are counted and logged by name', async () => {
    const { play, lines } = await setStage();
    expect(effectOf(await play(changed, restEvent()))).toBe('Allow');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      UnappliedChanges: 2,
      unapplied: ['query', 'header-added:x-user'],
    });
  });

  it('deny: the permit is refused', async () => {
    const context = contextOf(await answerTo(changed, restEvent(), { ON_UNAPPLIED_CHANGES: 'deny' }));
    expect(context).toMatchObject({
      effect: 'deny',
      reasonCode: 'UNAPPLIED_CHANGES',
      status: '403',
      reason: expect.stringMatching(/: query, header-added$/),
      correlationId: CORRELATION_ID,
    });
  });

  it('deny: a change of a header that the backend gets is no reason to refuse', async () => {
    const added: Behaviour = { kind: 'permit', edits: { add: [['x-user', 'alice']] } };
    const environment = { ON_UNAPPLIED_CHANGES: 'deny', FORWARD_HEADERS: 'x-user' };
    expect(effectOf(await answerTo(added, restEvent(), environment))).toBe('Allow');
    expect(effectOf(await answerTo(PERMIT, restEvent(), { ON_UNAPPLIED_CHANGES: 'deny' }))).toBe('Allow');
  });
});
