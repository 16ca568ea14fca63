/** What a client gets from the examples' gateway responses, rendered by the local gateway as API Gateway does it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GatewayResponse,
  type ResponseType,
  renderGatewayResponse,
} from '../../local/gateway/gateway-response.ts';
import { type Deny, deny } from '../../src/domain/decision.ts';
import { contextOf } from '../../src/gateway/context.ts';
import { anyCharacter } from '../support/any-character.ts';
import { at, entriesOf, example, resourcesOf, underFormat } from './templates.ts';

const REQUEST_ID = 'c6af9ac6';
const CHALLENGE = 'Bearer error="insufficient_user_authentication", acr_values="urn:example:mfa", max_age="300"';
const BODY = '{"id":"7","code":"ACCESS_FAILED","message":"\u00e9 \\" \\\\"}';

const deployed = (name: string, format: string): Record<string, GatewayResponse> => {
  const [api] = resourcesOf(example(name), 'AWS::Serverless::Api');
  return Object.fromEntries(
    entriesOf(api?.Properties['GatewayResponses']).map(([type, response]) => {
      const status = at(response, 'StatusCode');
      const body = underFormat(at(response, 'ResponseTemplates', 'application/json'), format);
      const headers = entriesOf(at(response, 'ResponseParameters', 'Headers')).map(([header, value]) => [
        `gatewayresponse.header.${header}`,
        underFormat(value, format) ?? '',
      ]);
      return [
        type,
        {
          ...(status === undefined ? {} : { statusCode: String(status) }),
          ...(body === undefined ? {} : { responseTemplates: { 'application/json': body } }),
          responseParameters: Object.fromEntries(headers),
        },
      ];
    }),
  );
};

/** The client's view when the authorizer returned this denial, or nothing at all. */
const answer = (name: string, type: ResponseType, denial?: Omit<Deny, 'effect'>, format = 'reason') => {
  const authorizer = denial && contextOf(deny(denial), [], { requestId: REQUEST_ID, traceId: undefined });
  const variables = {
    headers: [],
    query: [],
    path: {},
    stageVariables: {},
    context: { requestId: REQUEST_ID, authorizer },
  };
  const reply = renderGatewayResponse({ type, message: null }, deployed(name, format), variables, []);
  return {
    ...reply,
    headers: new Map(reply.headers.map(([header, value]) => [header.toLowerCase(), value])),
    text: reply.body.toString(),
  };
};

const denied = {
  reasonCode: 'POLICY_DENIED',
  status: 403,
  reason: 'Not in your plan',
  fromPdp: true,
  correlationId: 'p1',
} as const;
const stepUp = { ...denied, reasonCode: 'STEP_UP_REQUIRED', status: 401, challenge: CHALLENGE } as const;

describe('a denial', () => {
  it.each(['rest-api', 'rest-api-mtls'])("of %s shows PingOne's reason and correlation id", name => {
    const { status, text } = answer(name, 'ACCESS_DENIED', denied);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({ reason: 'Not in your plan', reasonCode: 'POLICY_DENIED', correlationId: 'p1' });
  });

  it('can be told as RFC 9457 problem details', () => {
    const { headers, text } = answer('rest-api', 'ACCESS_DENIED', denied, 'problem');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ title: 'Forbidden', status: 403, detail: 'Not in your plan' });
  });

  it("can be PingOne's own body", () => {
    const { text } = answer('rest-api', 'ACCESS_DENIED', { ...denied, body: BODY }, 'pingone');
    expect(JSON.parse(text)).toEqual(JSON.parse(BODY));
  });

  it('can be read by a browser application', () => {
    expect(answer('rest-api', 'ACCESS_DENIED', denied).headers.get('access-control-allow-origin')).toBeDefined();
  });
});

describe('a step-up challenge', () => {
  it('reaches the client as PingOne wrote it, with status 401', () => {
    const { status, headers, text } = answer('step-up', 'ACCESS_DENIED', stepUp);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(headers.get('access-control-expose-headers')).toBe('WWW-Authenticate');
    expect(JSON.parse(text)).toMatchObject({ reasonCode: 'STEP_UP_REQUIRED', status: '401' });
  });

  it('can be told from a denial that no step-up changes', () => {
    const { headers, text } = answer('step-up', 'ACCESS_DENIED', denied);
    expect(headers.has('www-authenticate')).toBe(false);
    expect(JSON.parse(text)).toMatchObject({ reasonCode: 'POLICY_DENIED', status: '403' });
  });
});

describe.each(['reason', 'problem'])('every gateway response as %s', format => {
  const types: readonly ResponseType[] = [
    'ACCESS_DENIED',
    'UNAUTHORIZED',
    'AUTHORIZER_FAILURE',
    'AUTHORIZER_CONFIGURATION_ERROR',
    'MISSING_AUTHENTICATION_TOKEN',
    'INTEGRATION_FAILURE',
  ];

  it.each(types)('%s is JSON when the authorizer returned nothing', type => {
    const { text } = answer('rest-api', type, undefined, format);
    expect(JSON.parse(text)).toHaveProperty('correlationId');
  });

  it.each(['rest-api', 'rest-api-mtls', 'step-up'])('of %s is JSON whatever a policy writes', name => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), reason => {
        const { text } = answer(name, 'ACCESS_DENIED', { ...denied, reason }, format);
        expect(JSON.parse(text)).toMatchObject({ reasonCode: 'POLICY_DENIED', correlationId: 'p1' });
      }),
    );
  });
});

describe('a thrown 401', () => {
  it('carries a static challenge and the request id', () => {
    const { status, headers, text } = answer('rest-api', 'UNAUTHORIZED');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.parse(text)).toMatchObject({ reasonCode: 'UNAUTHENTICATED', correlationId: REQUEST_ID });
  });
});
