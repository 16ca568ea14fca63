/** Rules of the gate: what it answers by itself, and that everything else is the PDP's to decide. */
import { describe, expect, it } from 'vitest';
import { newFacts, type TokenFault } from '../../../src/domain/call.ts';
import { gated, type JudgeToken } from '../../../src/gate/token-gate.ts';
import { permitFor } from '../permits.ts';

const REQUEST = { kind: 'rest', method: 'GET', url: 'https://h/', headers: [], sourceIp: '192.0.2.1' } as const;
const PERMIT = permitFor({ headers: [], changes: [] });

const open = (loading: Promise<JudgeToken>) => {
  const problems: unknown[] = [];
  let asked = 0;
  const pdp = gated(
    async () => {
      asked += 1;
      return PERMIT;
    },
    loading,
    problem => problems.push(problem),
  );
  return {
    problems,
    asked: () => asked,
    decide: async () => {
      const facts = newFacts();
      return { facts, decision: await pdp(REQUEST, { signal: new AbortController().signal, facts, trace: undefined }) };
    },
  };
};

describe('the gate', () => {
  it.each<[TokenFault, string]>([
    ['malformed', 'The request has not exactly one bearer token that is a JWT'],
    ['expired', 'The access token has expired'],
    ['not-yet-valid', 'The access token is not valid yet'],
    ['unverified', 'The signature of the access token is not valid'],
  ])('refuses a token that is %s as PingOne would, says why, and asks nobody', async (fault, reason) => {
    const { decide, asked } = open(Promise.resolve(async () => fault));
    const { decision, facts } = await decide();
    expect(decision).toEqual({
      effect: 'deny',
      reasonCode: 'UNAUTHENTICATED',
      status: 401,
      reason,
      fromPdp: false,
      challenge: 'Bearer error="invalid_token"',
    });
    expect([facts.tokenFault, asked()]).toEqual([fault, 0]);
  });

  it('leaves every other request to the PDP', async () => {
    const { decide, asked } = open(Promise.resolve(async () => undefined));
    const { decision, facts } = await decide();
    expect(decision).toBe(PERMIT);
    expect([facts.tokenFault, asked()]).toEqual([undefined, 1]);
  });

  it('is waited for by a request that comes before it is loaded', async () => {
    const loading = Promise.withResolvers<JudgeToken>();
    const { decide, asked } = open(loading.promise);
    const deciding = decide();
    loading.resolve(async () => 'expired');
    expect((await deciding).decision).toMatchObject({ effect: 'deny' });
    expect(asked()).toBe(0);
  });

  it('leaves all to the PDP if it cannot be loaded, and tells that once', async () => {
    const problem = new Error('no such file');
    const { decide, problems } = open(Promise.reject(problem));
    expect((await decide()).decision).toBe(PERMIT);
    expect((await decide()).decision).toBe(PERMIT);
    expect(problems).toEqual([problem]);
  });
});
