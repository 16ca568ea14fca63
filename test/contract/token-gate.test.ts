/** The gate in the whole: what it permits is what would be permitted without it, less what is worthless; and how it answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, loadConfig, type Send } from '../../src/index.ts';
import { restHeaders } from '../support/event-parts.ts';
import { restEvent } from '../support/events.ts';
import { startKeyServer } from '../support/key-server.ts';
import { hmacToken, keySet, part, signedToken, signingKey } from '../support/tokens.ts';
import { contextOf, effectOf } from './answers.ts';
import { setStage } from './stage.ts';

const KEY = signingKey('key-1');
const OTHER = signingKey('key-1');
const now = (): number => Math.floor(Date.now() / 1000);
const eventWith = (...authorization: readonly string[]) =>
  restEvent(restHeaders(authorization.map(value => ['Authorization', value])));

/** The tokens that PingOne permits: every other it denies. */
const goodTokens = new Set<string>();
const good = (claims: object): string => {
  const token = signedToken(KEY, { exp: now() + 600, ...claims });
  goodTokens.add(`Bearer ${token}`);
  return token;
};

const DENIAL = { response: { response_code: '401', response_status: 'Unauthorized', headers: [] } };
const pingOne: Send = async ({ body }) => {
  const { headers } = JSON.parse(body) as { headers: Record<string, string>[] };
  const values = headers.flatMap(line => line['Authorization'] ?? []);
  const permitted = values.length === 1 && goodTokens.has(values[0] ?? '');
  const reply = permitted ? body : JSON.stringify({ ...JSON.parse(body), ...DENIAL });
  return { status: 200, headers: {}, body: Buffer.from(reply) };
};

const claims = fc.record({ sub: fc.string(), scope: fc.string() }, { requiredKeys: [] });
const time = fc.integer({ min: -100_000, max: 100_000 });

const token = fc.oneof(
  { weight: 3, arbitrary: claims.map(good) },
  fc.tuple(claims, time).map(([more, ago]) => signedToken(KEY, { ...more, exp: now() + ago })),
  fc.tuple(claims, time).map(([more, ahead]) => signedToken(KEY, { ...more, nbf: now() + ahead })),
  claims.map(more => signedToken(OTHER, more)),
  claims.map(more => hmacToken(JSON.stringify(KEY.jwk), more, 'key-1')),
  claims.map(more => `${part({ alg: 'none' })}.${part(more)}.`),
  fc.tuple(claims, fc.jsonValue()).map(([more, value]) => `${part(value)}.${part(more)}.c2ln`),
  fc.string(),
);
const authorization = fc.oneof(
  { weight: 4, arbitrary: token.map(text => [`Bearer ${text}`]) },
  fc.array(
    fc.oneof(
      token,
      token.map(text => `Bearer ${text}`),
    ),
    { maxLength: 2 },
  ),
);

describe('a gate', () => {
  it.each(['shape', 'expiry', 'signature'])(
    'of %s permits what is permitted without it if the token is good, and nothing else',
    async check => {
      const server = await startKeyServer({ body: keySet(KEY) });
      const authorizer = (environment: Readonly<Record<string, string>>) => {
        const required = { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' };
        const config = loadConfig({ ...required, UNAUTHORIZED_AS: 'deny', ...environment });
        return createAuthorizer(config, { send: pingOne, writeLine: () => undefined });
      };
      const without = authorizer({});
      const gate = authorizer({ TOKEN_GATE: check, TOKEN_GATE_JWKS_URL: server.url });
      let permits = 0;
      await fc.assert(
        fc.asyncProperty(authorization, async values => {
          const event = eventWith(...values);
          const [open, guarded] = [effectOf({ result: await without(event) }), effectOf({ result: await gate(event) })];
          permits += Number(open === 'Allow');
          expect(guarded).toBe(open);
        }),
        { numRuns: 300 },
      );
      expect(permits).toBeGreaterThan(50);
    },
  );

  it('refuses without asking PingOne, and says so in its line and its metric', async () => {
    const { answer, pdp, lines } = await setStage({ TOKEN_GATE: 'expiry', UNAUTHORIZED_AS: 'deny' });
    const refused = await answer(eventWith(`Bearer ${signedToken(KEY, { exp: 1 })}`));
    expect(effectOf(refused)).toBe('Deny');
    expect(contextOf(refused)).toMatchObject({
      reasonCode: 'UNAUTHENTICATED',
      status: '401',
      reason: 'The access token has expired',
      wwwAuthenticate: 'Bearer error="invalid_token"',
    });
    expect(pdp.callCount).toBe(0);
    const line = JSON.parse(lines.at(-1) ?? '');
    expect(line).toMatchObject({
      level: 'INFO',
      reasonCode: 'UNAUTHENTICATED',
      tokenGate: 'expired',
      attempts: 0,
      TokenGateRefused: 1,
      Deny: 1,
    });
    expect(line).not.toHaveProperty('FailClosed');
  });

  it.each([
    ['throw', 'deny', { error: 'Unauthorized' }],
    ['throw', 'error', { error: 'Unauthorized' }],
  ])(
    'answers as UNAUTHORIZED_AS=%s says, whatever FAIL_CLOSED_AS=%s says',
    async (unauthorized, failClosed, answer) => {
      const stage = await setStage({ TOKEN_GATE: 'shape', UNAUTHORIZED_AS: unauthorized, FAIL_CLOSED_AS: failClosed });
      expect(await stage.answer(eventWith())).toEqual(answer);
    },
  );

  it('stands before the decision cache: a permit is not served for a token that has expired since', async () => {
    const { play, answer, pdp } = await setStage({ TOKEN_GATE: 'shape', DECISION_CACHE_TTL_MS: '60000' });
    const valid = eventWith(`Bearer ${signedToken(KEY, { exp: now() + 600 })}`);
    await play({ kind: 'permit' }, valid);
    expect(effectOf(await answer(valid))).toBe('Allow');
    expect(await answer(eventWith('Bearer no'))).toEqual({ error: 'Unauthorized' });
    expect(pdp.callCount).toBe(1);
  });

  it('lets an expired token of less than a minute pass to PingOne, which has the word', async () => {
    const { play, pdp } = await setStage({ TOKEN_GATE: 'expiry' });
    await play({ kind: 'deny', code: '401' }, eventWith(`Bearer ${signedToken(KEY, { exp: now() - 30 })}`));
    expect(pdp.callCount).toBe(1);
  });
});
