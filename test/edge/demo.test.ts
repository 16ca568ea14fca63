/** The CloudFront face of the demo: the shop's policy decides at the edge, whatever store its credential is in. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBackend } from '../../local/backend.ts';
import { startEdgeDemo } from '../../local/cloudfront/demo.ts';
import { openDecisionSource } from '../../local/decision-source.ts';
import { httpBackend } from '../../local/gateway/outgoing.ts';
import { readPolicy } from '../../local/policy/policy.ts';
import { startPolicyService } from '../../local/policy/policy-service.ts';
import { demoToken } from '../../local/policy/token.ts';

const exp = Math.floor(Date.now() / 1000) + 3600;
const READER = { authorization: `Bearer ${demoToken({ exp, tier: 'gold', sub: 'alice', scope: 'orders:read' })}` };

const startWith = async (variables: Readonly<Record<string, string>>): Promise<string> => {
  const backend = await startBackend();
  onTestFinished(() => backend.close());
  const lines: string[] = [];
  const edge = await startEdgeDemo({
    variables,
    origin: httpBackend(backend.origin),
    onLine: line => void lines.push(line),
  });
  onTestFinished(() => edge.close());
  return edge.origin;
};

describe('the demo’s distribution', () => {
  it('asks the embedded policy service with the credential from its secret store', async () => {
    const source = await openDecisionSource({ pingOneUrl: undefined });
    onTestFinished(() => source.close());
    const url = await startWith({ ...source.variables, FORWARD_HEADERS: 'x-subject', DECISION_CACHE_TTL_MS: '0' });
    const permitted = await fetch(`${url}/orders/7`, { headers: READER });
    expect([permitted.status, await permitted.json()]).toMatchObject([
      200,
      { path: '/orders/7', headers: { 'x-subject': 'alice', 'x-customer-tier': 'gold' } },
    ]);
    const anonymous = await fetch(`${url}/orders/7`);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
    const denied = await fetch(`${url}/orders/7`, { method: 'DELETE', headers: READER });
    expect([denied.status, await denied.json()]).toMatchObject([403, { code: 'ACCESS_FAILED' }]);
  });

  it('gives the function a store for a credential that is only a variable', async () => {
    const policy = await readPolicy(new URL('../../local/policy/policy.json', import.meta.url));
    const service = await startPolicyService({ policy });
    onTestFinished(() => service.close());
    const url = await startWith({
      PINGONE_SERVICE_URL: service.serviceUrl,
      PINGONE_GATEWAY_CREDENTIAL: service.credential,
      RESPONSE_FORMAT: 'simple',
    });
    expect((await fetch(`${url}/orders/7`, { headers: READER })).status).toBe(200);
  });
});
