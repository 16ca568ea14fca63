/** Rules for text that looks like a token, and for a client's names in logs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsToken, looksOpaque, shownName } from '../../../src/domain/token-shape.ts';
import { growthOf } from '../../support/growth.ts';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const JWT = `${base64url('{"alg":"RS256"}')}.${base64url('{"jti":"x"}')}.c2ln`;

const NAMES: readonly string[] = [
  'pingone/gateway-credential',
  'prod/eu-west-1/pingone',
  'e2e.pingone.credential',
  'prod/e30/credential',
  'keyJsonSecretName',
  'my-eyJewelry-service',
  'MyStackSecretA1B2C3D4-xY3kP0mN8qRs',
  'AuthorizerGatewayCredentialSecret1A2B3C4D-aBcDeFgHiJkL',
  'MyAPIGWv2SecretForPingOneEU1Prod',
  'pingone-9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d',
  '/aws/reference/secretsmanager/pingone',
  'arn:aws:secretsmanager:eu-central-1:123456789012:secret:pingone-AbCdEf',
];

describe('a token', () => {
  it.each([
    ['bare', JWT],
    ['with its scheme', `Bearer ${JWT}`],
    ['in JSON', `{"credential":"${JWT}"}`],
    ['in a name', `pingone/${JWT}`],
    ['after letters', `token${JWT}`],
    ['in a URL', `https://h.example/v1/${JWT}?x=1`],
    ['percent-encoded', JWT.replaceAll('.', '%2E').replace('e', '%65')],
    ['in base64 once more', Buffer.from(JWT).toString('base64')],
    ['cut off after its header', JWT.split('.')[0] ?? ''],
    ['with white space in its header', `${base64url('{\n  "alg": "RS256"\n}')}.e30.x`],
    ['with an empty header', 'e30.e30.c2ln'],
    ['as a JSON secret in base64', Buffer.from('{"credential":"abc"}').toString('base64')],
  ])('is seen %s', (_, text) => {
    expect(holdsToken(text)).toBe(true);
  });

  it.each(NAMES)('is not seen in the name %s, nor is a random key', name => {
    expect([holdsToken(name), looksOpaque(name)]).toEqual([false, false]);
  });

  it('is seen whatever its claims are and whatever text surrounds it', () => {
    const claims = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.string(), fc.string(), claims, fc.base64String(), (before, after, payload, signature) => {
        const token = `${base64url('{"typ":"JWT","alg":"ES256"}')}.${base64url(JSON.stringify(payload))}.${signature}`;
        expect(holdsToken(`${before} ${token} ${after}`)).toBe(true);
      }),
    );
  });

  it('is searched for in any text without failing, even in long text with many beginnings of tokens', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void [holdsToken(text), shownName(text)]));
    for (const unit of ['e0', 'eyJ', 'ZXlK', '%65']) expect(holdsToken(unit.repeat(2000))).toBe(false);
  });
});

describe('a random key', () => {
  it.each([
    ['hex', '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c'],
    ['base64url', 'q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
    ['base64', 'q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xwabcde='],
    ['below a folder', 'pingone/q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
  ])('is seen as %s', (_, text) => {
    expect(looksOpaque(text)).toBe(true);
  });
});

it('is looked for in work that grows with the text, and no faster', () => {
  for (const piece of ['a', 'resourceId', 'a-', '0']) {
    const prepare = (size: number) => {
      const text = piece.repeat(size);
      return () => looksOpaque(text);
    };
    expect(growthOf(prepare, 1000, 8)).toBeLessThan(24);
  }
});

describe('a name in a log', () => {
  it.each([
    'authorization',
    'x-b3-traceid',
    'sec-ch-ua-platform-version',
    'access-control-request-private-network',
    'CloudFront-Viewer-Country-Region-Name',
    'X-Amz-SignedHeaders',
    'filter[name]',
    'filter%5Bname%5D',
    '$filter',
    'a.b.c',
    'continuationToken',
    'utm_source',
    'oauth2',
    'q',
  ])('is shown as it is: %s', name => {
    expect(shownName(name)).toBe(name);
  });

  it.each([
    ['a token', JWT],
    ['an encoded token', 'eyJhbGciOiJub25lIn0%2Ee30%2E'],
    ['a token in lower case', JWT.toLowerCase()],
    ['a short token in lower case', 'eyjhbgcioijub25lin0.e30.'],
    ['a UUID', '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d'],
    ['a digest', '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c'],
    ['a random key', 'q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
    ['a short random key', 'canary7f3a9c'],
    ['a long run of letters', 'a'.repeat(25)],
    ['a long number', '4111111111111111'],
    ['what is too long for a name', 'a-'.repeat(40)],
    ['nothing', ''],
  ])('is hidden if it is %s', (_, name) => {
    expect(shownName(name)).toBe('[redacted]');
  });
});
