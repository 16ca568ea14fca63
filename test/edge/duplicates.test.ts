/** At the edge, too, the copy of a permit never is the answer to another request: neither its path nor its headers are applied. */
import { describe, expect, it } from 'vitest';
import { VERSIONS } from '../fault/authorizer-environment.ts';
import { tlsMaterials } from '../support/tls.ts';
import { startEdgeBed } from './edge-bed.ts';

const ALICE = { authorization: 'Bearer alice' };
const MALLORY = { authorization: 'Bearer mallory' };

describe.each(VERSIONS)('a permit that comes twice, on Node %i', node => {
  it.each([
    ['the same path with another token', '/orders', MALLORY],
    ['another path', '/admin', ALICE],
  ])('lets nothing but its own request reach the origin: not %s', async (_, path, headers) => {
    const { url, pdp, origin, environment } = await startEdgeBed({
      node,
      pdp: { tls: tlsMaterials.good, host: 'localhost' },
      settings: { BREAKER_ENABLED: false },
    });
    for (const after of ['next request', 0, 5, 20, 30] as const) {
      pdp.script(
        { kind: 'twice', after, answer: { kind: 'permit', edits: { add: [['x-user', 'alice']] } } },
        { kind: 'slow', ms: 60, behaviour: { kind: 'deny', code: '403' } },
      );
      expect((await fetch(`${url}/orders`, { headers: ALICE })).status).toBe(200);
      expect([403, 502]).toContain((await fetch(`${url}${path}`, { headers })).status);
    }
    expect(origin.map(request => [request.path, request.headers.find(([name]) => name === 'authorization')])).toEqual(
      Array(5).fill(['/orders', ['authorization', ALICE.authorization]]),
    );
    await expect.poll(() => environment.lines.join()).toContain('PINGONE_REPLY_BINDING');
  });
});

describe('a permit for another request', () => {
  it.each([
    ['method', { method: 'POST' }],
    ['origin', { url: 'https://other.example/orders' }],
    ['scheme', { url: 'http://d111111abcdef8.cloudfront.net/orders' }],
  ])('is refused, whatever ON_UNAPPLIED_CHANGES says: another %s', async (_, edits) => {
    for (const setting of ['ignore', 'deny']) {
      const { url, origin } = await startEdgeBed({
        settings: { ON_UNAPPLIED_CHANGES: setting },
        pdp: { otherwise: { kind: 'permit', edits } },
      });
      const reply = await fetch(`${url}/orders`);
      expect([reply.status, await reply.json()]).toMatchObject([403, { reasonCode: 'UNAPPLIED_CHANGES' }]);
      expect(origin).toEqual([]);
    }
  });

  it('is a policy’s change of the path, which the edge applies', async () => {
    const { url, origin } = await startEdgeBed({
      pdp: { otherwise: { kind: 'permit', edits: { url: 'https://d111111abcdef8.cloudfront.net/v2/orders?a=1' } } },
    });
    expect((await fetch(`${url}/orders`)).status).toBe(200);
    expect(origin).toMatchObject([{ path: '/v2/orders', query: 'a=1' }]);
  });
});
