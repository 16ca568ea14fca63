/** The rules of gateway responses: static status, plain substitution, fallbacks (docs/events.md#gateway-responses). */
import { describe, expect, it } from 'vitest';
import {
  type GatewayResponses,
  renderGatewayResponse,
  renderTemplate,
} from '../../../../local/gateway/gateway-response.ts';
import type { Variables } from '../../../../local/gateway/variables.ts';
import { bodyOf } from './sample.ts';

const VARIABLES: Variables = {
  headers: [['X-Client', 'c']],
  query: [['q', '1']],
  path: { id: '7' },
  stageVariables: { color: 'blue' },
  context: {
    requestId: 'r-1',
    authorizer: { reason: 'no', body: '{"a":1}', flag: 'true' },
    identity: { sourceIp: '::1' },
  },
};

const render = (
  configured: GatewayResponses,
  message: string | null = 'm',
  type: 'ACCESS_DENIED' | 'UNAUTHORIZED' | 'AUTHORIZER_FAILURE' = 'ACCESS_DENIED',
) => renderGatewayResponse({ type, message }, configured, VARIABLES, [['x-amzn-RequestId', 'r-1']]);

describe('templates', () => {
  it.each([
    ['a context value', '$context.authorizer.reason', 'no'],
    ['a nested context value', '$context.identity.sourceIp', '::1'],
    ['a raw JSON value', '$context.authorizer.body', '{"a":1}'],
    ['a stage variable', '$stageVariables.color', 'blue'],
    ['a request header', '$method.request.header.x-client', 'c'],
    ['a query value', '$method.request.querystring.q', '1'],
    ['a path value', '$method.request.path.id', '7'],
    ['a value that is not there', '[$context.authorizer.other]', '[]'],
    ['a branch, which is no value', '[$context.authorizer]', '[]'],
    ['a variable at the end of a sentence', 'is $context.requestId.', 'is r-1.'],
    ['VTL, which is plain text', '#if(true)$util.x#end', '#if(true)$util.x#end'],
    ['an inherited name', '$context.authorizer.constructor', ''],
  ])('render %s', (_title, template, text) => {
    expect(renderTemplate(template, VARIABLES)).toBe(text);
  });
});

describe('a gateway response', () => {
  it('renders reason and headers of a denial, with a static status', () => {
    const reply = render({
      ACCESS_DENIED: {
        statusCode: '401',
        responseParameters: {
          'gatewayresponse.header.WWW-Authenticate': 'context.authorizer.reason',
          'gatewayresponse.header.X-Static': "'fixed'",
          'gatewayresponse.header.X-Missing': 'context.authorizer.other',
          'gatewayresponse.header.X-Echo': 'method.request.header.X-Client',
        },
        responseTemplates: {
          'application/problem+json': '{"detail":"$context.authorizer.reason","type":"$context.error.responseType"}',
        },
      },
    });
    expect(reply.status).toBe(401);
    expect(bodyOf(reply)).toEqual({ detail: 'no', type: 'ACCESS_DENIED' });
    expect(reply.headers).toEqual([
      ['content-type', 'application/problem+json'],
      ['x-amzn-ErrorType', 'AccessDeniedException'],
      ['x-amzn-RequestId', 'r-1'],
      ['WWW-Authenticate', 'no'],
      ['X-Static', 'fixed'],
      ['X-Echo', 'c'],
    ]);
  });

  it('has the capital Message in the untouched denial only', () => {
    expect(bodyOf(render({}))).toEqual({ Message: 'm' });
    expect(bodyOf(render({}, 'Unauthorized', 'UNAUTHORIZED'))).toEqual({ message: 'Unauthorized' });
    expect(bodyOf(render({ ACCESS_DENIED: {} }))).toEqual({ message: 'm' });
  });

  it('quotes the message string, and says null where AWS does', () => {
    expect(bodyOf(render({ ACCESS_DENIED: {} }, 'say "x"'))).toEqual({ message: 'say "x"' });
    expect(bodyOf(render({}, null, 'AUTHORIZER_FAILURE'))).toEqual({ message: null });
  });

  it('falls back to DEFAULT_4XX and DEFAULT_5XX, whose status rewrites all others', () => {
    const defaults = { DEFAULT_4XX: { statusCode: '418' }, DEFAULT_5XX: {} };
    expect(render(defaults).status).toBe(418);
    expect(render(defaults, null, 'AUTHORIZER_FAILURE').status).toBe(500);
    expect(render({ ...defaults, ACCESS_DENIED: { statusCode: '403' } }).status).toBe(403);
  });
});
