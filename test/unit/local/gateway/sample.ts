/** Requests and APIs that the gateway's tests share. */

import { apiIdentity, type HttpApi, type RestApi } from '../../../../local/gateway/api.ts';
import type { GatewayReply, GatewayRequest, HeaderList } from '../../../../local/gateway/request.ts';
import type { InvokeResult } from '../../../../local/lambda/invocation.ts';

export const REST: RestApi = {
  ...apiIdentity('api1', 'dev', { region: 'us-east-1' }),
  resources: [
    { id: 'r1', path: '/', methods: ['GET'] },
    { id: 'r2', path: '/products/{productId}', methods: ['GET', 'DELETE'] },
    { id: 'r3', path: '/files/{proxy+}', methods: ['ANY'] },
  ],
};

export const HTTP: HttpApi = {
  ...apiIdentity('api2', '$default', { region: 'us-east-1' }),
  routes: ['GET /products/{id}', 'ANY /files/{proxy+}'],
};

export const requestOf = (target: string, headers: HeaderList = [], method = 'GET'): GatewayRequest => ({
  method,
  target,
  headers: [['Host', 'api.example.com'], ...headers],
  sourceIp: '192.0.2.1',
  requestId: '11111111-2222-4333-8444-555555555555',
  timeMs: Date.UTC(2026, 10, 22, 14, 5, 6),
  traceId: 'Root=1-6560aabb-000000000000000000000001',
});

export const policy = (effect: string, resource: string, context: object = {}): InvokeResult => ({
  ok: true,
  payload: {
    principalId: 'alice',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
    },
    context,
  },
});

export const bodyOf = (reply: GatewayReply): unknown => JSON.parse(reply.body.toString());
