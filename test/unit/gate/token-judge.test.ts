/** Rules of what makes a token worthless, by the setting of the gate. */
import { describe, expect, it } from 'vitest';
import type { TokenGateSettings } from '../../../src/config/configuration.ts';
import type { HeaderLine } from '../../../src/domain/request.ts';
import { tokenJudge } from '../../../src/gate/token-judge.ts';
import { startKeyServer } from '../../support/key-server.ts';
import { hmacToken, keySet, part, signedToken, signingKey } from '../../support/tokens.ts';
import { fakeClock, settled } from '../fake-clock.ts';

const START = 1_800_000_000_000;
const NOW = START / 1000;
const KEY = signingKey('key-1');
/** A mistake of a key server: nobody can verify with it. */
const PRIVATE = { ...KEY.privateKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig' };
const GOOD = signedToken(KEY, { sub: 'u', exp: NOW + 300 });

const judgeOf = (settings: TokenGateSettings, clock = fakeClock(START)) => {
  const judge = tokenJudge(settings, 5000, clock);
  const ofHeaders = (headers: readonly HeaderLine[]) =>
    judge(
      { kind: 'rest', method: 'GET', url: 'https://h/', headers, sourceIp: '192.0.2.1' },
      new AbortController().signal,
    );
  return { ofHeaders, of: (token: string) => ofHeaders([['Authorization', `Bearer ${token}`]]) };
};

const shape = judgeOf({ check: 'shape' });
const expiry = judgeOf({ check: 'expiry' });

describe('the shape', () => {
  it.each<[string, readonly HeaderLine[]]>([
    ['no Authorization header', []],
    ['an empty one', [['Authorization', '']]],
    ['the scheme alone', [['Authorization', 'Bearer']]],
    ['another scheme', [['Authorization', `DPoP ${GOOD}`]]],
    ['a token without a scheme', [['Authorization', GOOD]]],
    [
      'two headers',
      [
        ['Authorization', `Bearer ${GOOD}`],
        ['authorization', `Bearer ${GOOD}`],
      ],
    ],
    ['two tokens in one', [['Authorization', `Bearer ${GOOD}, Bearer ${GOOD}`]]],
    ['an opaque token', [['Authorization', 'Bearer 2YotnFZFEjr1zCsicMWpAA']]],
    ['two parts', [['Authorization', `Bearer ${part({})}.${part({})}`]]],
    ['an encrypted token', [['Authorization', `Bearer ${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`]]],
    ['no signature', [['Authorization', `Bearer ${part({ alg: 'none' })}.${part({})}.`]]],
    ['a header that is no JSON', [['Authorization', `Bearer abc.${part({})}.c`]]],
    ['a header that is a list', [['Authorization', `Bearer ${part([])}.${part({})}.c`]]],
    ['claims that are text', [['Authorization', `Bearer ${part({})}.${part('x')}.c`]]],
    ['claims that are null', [['Authorization', `Bearer ${part({})}.${part(null)}.c`]]],
    ['characters that base64url has not', [['Authorization', `Bearer ${part({})}.${part({})}.a+b=`]]],
  ])('is wrong with %s', async (_, headers) => expect(await shape.ofHeaders(headers)).toBe('malformed'));

  it.each<[string, HeaderLine]>([
    ['a token', ['Authorization', `Bearer ${GOOD}`]],
    ['a scheme in any case, and white space around it', ['AUTHORIZATION', ` bEARER  ${GOOD} `]],
    ['a token that has expired', ['Authorization', `Bearer ${signedToken(KEY, { exp: 1 })}`]],
    ['any algorithm and signature', ['Authorization', `Bearer ${part({})}.${part({})}.c`]],
  ])('is right with %s', async (_, header) => expect(await shape.ofHeaders([header])).toBeUndefined());

  it('counts for the other settings as well', async () => {
    expect(await expiry.of('abc')).toBe('malformed');
    expect(await judgeOf({ check: 'signature', jwksUrl: 'http://127.0.0.1:1/' }).of('abc')).toBe('malformed');
  });
});

describe('the times', () => {
  it.each([
    ['an end that is 60 s ago', { exp: NOW - 60 }, 'expired'],
    ['an end that is no number', { exp: `${NOW + 300}` }, 'expired'],
    ['an end that is null', { exp: null }, 'expired'],
    ['a beginning in 61 s', { nbf: NOW + 61 }, 'not-yet-valid'],
    ['a beginning that is no number', { nbf: 'now' }, 'not-yet-valid'],
    ['a beginning that is null', { nbf: null }, 'not-yet-valid'],
    ['an end that is 59 s ago', { exp: NOW - 59 }, undefined],
    ['a beginning in 60 s', { nbf: NOW + 60 }, undefined],
    ['neither', {}, undefined],
  ])('are judged with 60 s of leeway: %s', async (_, claims, fault) => {
    expect(await expiry.of(signedToken(KEY, claims))).toBe(fault);
  });

  it('count before the signature, which costs more', async () => {
    const server = await startKeyServer({ stalls: true });
    const judge = judgeOf({ check: 'signature', jwksUrl: server.url });
    expect(await judge.of(signedToken(KEY, { exp: 1 }))).toBe('expired');
  });
});

describe('the signature', () => {
  const open = async (...keys: readonly ReturnType<typeof signingKey>[]) => {
    const server = await startKeyServer({ body: keySet(...keys) });
    const clock = fakeClock(START);
    return { server, clock, ...judgeOf({ check: 'signature', jwksUrl: server.url }, clock) };
  };

  const ALGORITHMS = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
  ] as const;
  it.each([...ALGORITHMS, 'Ed25519'] as const)('of %s is verified', async alg => {
    const key = signingKey('k', alg);
    const judge = await open(key);
    const token = signedToken(key, { sub: 'u' });
    expect(await judge.of(token)).toBeUndefined();
    const [header, , signature] = token.split('.');
    expect(await judge.of(`${header}.${part({ sub: 'root' })}.${signature}`)).toBe('unverified');
  });

  it('is never of an algorithm that a token may choose: none, a shared secret, one of another key', async () => {
    const judge = await open(KEY);
    const claims = { sub: 'u' };
    const pem = String(KEY.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const token of [
      `${part({ alg: 'none', kid: 'key-1' })}.${part(claims)}.c2ln`,
      hmacToken(JSON.stringify(KEY.jwk), claims, 'key-1'),
      hmacToken(pem, claims, 'key-1'),
      signedToken(KEY, claims, { alg: 'ES256' }),
      signedToken(KEY, claims, { alg: 'RS512' }),
      signedToken(KEY, claims, { alg: undefined }),
      signedToken(KEY, claims, { crit: ['x'], x: 1 }),
    ]) {
      expect(await judge.of(token)).toBe('unverified');
    }
  });

  it('of a key that the token brings along is none', async () => {
    const judge = await open(KEY);
    const other = signingKey('key-1');
    const brought = { jwk: other.jwk, jku: 'https://evil.example/jwks' };
    expect(await judge.of(signedToken(other, {}, brought))).toBe('unverified');
  });

  it('may be of any key of the set if the token does not name one', async () => {
    const [one, other, stranger] = [signingKey('a'), signingKey('b'), signingKey(undefined)];
    const judge = await open(one, other);
    for (const key of [one, other]) expect(await judge.of(signedToken({ ...key, kid: undefined }, {}))).toBeUndefined();
    expect(await judge.of(signedToken(stranger, {}))).toBe('unverified');
    expect(await (await open(one)).of(signedToken(stranger, {}))).toBe('unverified');
  });

  it.each([['b'], [undefined]])('of a new key is known as soon as it is published, under the name %s', async kid => {
    const judge = await open(signingKey(kid === undefined ? undefined : 'a'));
    const fresh = signingKey(kid);
    await judge.of(GOOD);
    judge.server.answer({ body: keySet(fresh) });
    await judge.clock.advance(10_000);
    expect(await judge.of(signedToken(fresh, {}))).toBeUndefined();
  });

  it('is judged by the keys that were had last while the key server is away', async () => {
    const judge = await open(KEY);
    expect(await judge.of(GOOD)).toBeUndefined();
    judge.server.answer({ status: 500 });
    await judge.clock.advance(86_400_000);
    const later = { exp: NOW + 90_000 };
    expect(await judge.of(signedToken(KEY, later))).toBeUndefined();
    expect(await judge.of(signedToken(signingKey('key-1'), later))).toBe('unverified');
    await expect.poll(() => judge.server.asked).toBeGreaterThan(1);
  });

  it('is left to PingOne if its key is unknown and the key server is away', async () => {
    const judge = await open(KEY);
    await judge.of(GOOD);
    judge.server.answer({ status: 500 });
    expect(await judge.of(signedToken(signingKey('new'), {}))).toBeUndefined();
  });

  it.each([
    ['is away', { status: 500 }],
    ['has no keys', { body: '{"keys":[]}' }],
    ['answers with something else', { body: '[]' }],
    [
      'has a key that cannot be used',
      { body: '{"keys":[{"kty":"RSA","kid":"key-1","use":"sig","n":"AQAB","e":"AQAB"}]}' },
    ],
    ['publishes a private key', { body: JSON.stringify({ keys: [PRIVATE] }) }],
  ])('is left to PingOne if the key server %s', async (_, answer) => {
    const server = await startKeyServer(answer);
    const judge = judgeOf({ check: 'signature', jwksUrl: server.url });
    await settled();
    expect(await judge.of(GOOD)).toBeUndefined();
  });
});
