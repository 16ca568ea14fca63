/** The rules by which the embedded policy service decides. */
import { describe, expect, it } from 'vitest';
import { decide, type Verdict } from '../../../../local/policy/decide.ts';
import { readPolicy } from '../../../../local/policy/policy.ts';
import { type Claims, demoToken } from '../../../../local/policy/token.ts';

const POLICY = await readPolicy(new URL('../../../../local/policy/policy.json', import.meta.url));
const NOW = 1_800_000_000;
const ALICE = { sub: 'alice', scope: 'orders:read orders:write payments:write', tier: 'gold', exp: NOW + 60 };

const ask = (method: string, path: string, claims: Claims | undefined = ALICE, authorization?: string): Verdict =>
  decide(POLICY, { method, path, authorization: authorization ?? `Bearer ${demoToken(claims)}`, nowSeconds: NOW });

describe('a decision', () => {
  it('permits what scopes allow, and sets headers from claims', () => {
    expect(ask('GET', '/dev/orders/7/items')).toEqual({
      kind: 'permit',
      rule: 'Orders: read orders',
      setHeaders: { 'X-Customer-Tier': 'gold', 'X-Subject': 'alice' },
    });
    expect(ask('GET', '/orders')).toMatchObject({ kind: 'permit' });
  });

  it.each<[string, Verdict, number]>([
    ['a URL of no API service', ask('GET', '/dev/nothing'), 404],
    ['a URL that only begins like one', ask('GET', '/dev/orderset'), 404],
    ['a scope that is missing', ask('GET', '/orders', { ...ALICE, scope: 'orders:write' }), 403],
    ['a role that is missing', ask('DELETE', '/orders/7'), 403],
    ['a method that is no operation', ask('PATCH', '/orders/7'), 403],
    ['a token that has expired', ask('GET', '/orders', { ...ALICE, exp: NOW }), 401],
    ['a token without an expiry', ask('GET', '/orders', { sub: 'x', scope: 'orders:read' }), 401],
    ['a token that is no JWT', ask('GET', '/orders', ALICE, 'Bearer opaque'), 401],
    ['another scheme', ask('GET', '/orders', ALICE, 'Basic YTpi'), 401],
  ])('answers %s', (_title, verdict, status) => {
    expect(verdict).toMatchObject({ kind: 'respond', status });
  });

  it('names an invalid token in its challenge', () => {
    expect(ask('GET', '/orders', ALICE, 'Bearer x')).toMatchObject({
      challenge: 'Bearer realm="https://shop.example/api", error="invalid_token"',
    });
  });

  it('asks for step-up unless the sign-in was strong and recent', () => {
    const strong = { ...ALICE, acr: 'mfa', auth_time: NOW - 300 };
    expect(ask('POST', '/payments', strong)).toMatchObject({ kind: 'permit' });
    for (const claims of [ALICE, { ...strong, auth_time: NOW - 301 }, { ...strong, acr: 'pwd' }])
      expect(ask('POST', '/payments', claims)).toMatchObject({
        status: 401,
        challenge: expect.stringMatching(/error="insufficient_user_authentication", acr_values="mfa", max_age="300"$/),
      });
  });

  it('lets a manager cancel', () => {
    expect(ask('DELETE', '/orders/7', { ...ALICE, roles: ['manager'] })).toMatchObject({ kind: 'permit' });
  });
});
