/** Rules for text that looks like a token, and for a client's names in logs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsToken, looksOpaque, shownName } from '../../../src/domain/token-shape.ts';
import { anyCharacter } from '../../support/any-character.ts';
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
/** Ten of its twenty characters are of another class than the one before. */
const RANDOM = 'abcdefghij1k2l3m4n5o';

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
    ['percent-encoded as a whole', JWT.replace(/./g, letter => `%${letter.charCodeAt(0).toString(16)}`)],
    ['with white space in its header', `${base64url('{\n  "alg" : "RS256"\n}')}.e30.x`],
    ['with an empty header', 'e30.e30.c2ln'],
    ['with an empty header, its scheme and no signature', 'Bearer e30.e30.'],
    ['as a JSON secret in base64', Buffer.from('{"credential":"abc"}').toString('base64')],
  ])('is seen %s', (_, text) => {
    expect(holdsToken(text)).toBe(true);
  });

  it.each(NAMES)('is not seen in the name %s, nor is a random key', name => {
    expect([holdsToken(name), looksOpaque(name)]).toEqual([false, false]);
  });

  it.each([
    ['base64 of what is no JSON object', base64url('{ {"alg":1}')],
    ['a longer word that ends like an empty header', 'size30.e30.c2ln'],
  ])('is not seen in %s', (_, text) => {
    expect(holdsToken(text)).toBe(false);
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
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), text => void [holdsToken(text), shownName(text)]));
    for (const unit of ['e0', 'eyJ', 'ZXlK', '%65']) expect(holdsToken(unit.repeat(2000))).toBe(false);
  });
});

describe('a random key', () => {
  it.each([
    ['hex', '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c'],
    ['base64url', 'q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
    ['base64', 'q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xwabcde='],
    ['below a folder', 'pingone/q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
    ['padded base64 of any text', 'abcdefghijklmnopqrst=='],
    ['base64 that is padded by one', 'abcdefghijklmnopqrst='],
    ['a digest, MD5', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a digest, SHA-1', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['a digest beside a word', 'credential-d41d8cd98f00b204e9800998ecf8427e'],
    ['twenty characters of which ten differ in class from the one before', RANDOM],
    ['random apart from separators', RANDOM.replace('j', 'j.')],
    ['random before a generated suffix', `${RANDOM}-AbCdEf`],
    ['random before a generated hash', `${RANDOM}ABCDEF12`],
    ['random beside a UUID', `9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d.${RANDOM}`],
    ['random with what looks like a suffix inside', 'q3Jf8s-K2vLx0Zt7W.bN5yRc1GhD9m'],
    ['random with what looks like a hash inside', 'q3Jf8sK2v12345678Lx0Zt7WbN'],
  ])('is seen as %s', (_, text) => {
    expect(looksOpaque(text)).toBe(true);
  });

  it.each([
    ['a short word with an equals sign', 'name='],
    ['words with an equals sign between them', 'abcdefghijklmnopqrst=x'],
    ['nineteen characters', RANDOM.slice(1)],
    ['nine changes of class in twenty characters', 'abcdefghijk1l2m3n4oP'],
    ['nine changes of class among capitals', 'ABCDEFGHIJK1L2M3N4Op'],
    ['changes of class with only two digits', 'AbCdEfGhIj1kLmNo2pQr'],
    ['a long number', '12345678'.repeat(4)],
    ['letters that are hex digits too', 'deadbeef'.repeat(4)],
    ['a digest that is not a word of its own', 'yd41d8cd98f00b204e9800998ecf8427e'],
    ['the beginning of a longer word', 'd41d8cd98f00b204e9800998ecf8427ey'],
  ])('is not seen in %s', (_, text) => {
    expect(looksOpaque(text)).toBe(false);
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
    'ipv4to6',
    'keyJson',
    'a-beef-cafe-face-deadbeefdead',
    'deadbeef-beef-cafe-face-a',
    'a-'.repeat(32),
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
    ['what is too long for a name', `${'a-'.repeat(32)}a`],
    ['a short random key beside a word', 'x-canary7f3a9c'],
    ['nothing', ''],
  ])('is hidden if it is %s', (_, name) => {
    expect(shownName(name)).toBe('[redacted]');
  });
});
