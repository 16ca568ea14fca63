/** Rules for WWW-Authenticate: which challenges are passed on, and which ones ask for a stronger login. */
import { describe, expect, it } from 'vitest';
import { asksForStepUp, challengeOf, stepUpAsked } from '../../../src/sideband/challenge.ts';

describe('a challenge', () => {
  it('is found in any case, and repeated ones are joined', () => {
    expect(
      challengeOf([
        ['www-AUTHENTICATE', 'Bearer'],
        ['WWW-Authenticate', 'DPoP'],
      ]),
    ).toBe('Bearer, DPoP');
    expect(challengeOf([['x', 'Bearer']])).toBeUndefined();
  });

  it.each(['Bearer\r\nSet-Cookie: a=b', 'Bearer\n', 'Bearer\0', 'Bearer é', ''])('is refused as %j', value => {
    expect(challengeOf([['WWW-Authenticate', value]])).toBeUndefined();
  });
});

describe('several challenges', () => {
  const STEP_UP = 'Bearer error="insufficient_user_authentication", acr_values="mfa"';

  it('are judged one by one, so that refusing one keeps the others', () => {
    const headers = [['WWW-Authenticate', 'Basic realm="a\r\nx"'] as const, ['www-authenticate', STEP_UP] as const];
    expect([challengeOf(headers), stepUpAsked(headers)]).toEqual([STEP_UP, true]);
  });

  it('ask for a step-up even if the text cannot be passed on', () => {
    const headers = [['WWW-Authenticate', `Bearer realm="Prüfung", max_age=5`] as const];
    expect([challengeOf(headers), stepUpAsked(headers)]).toEqual([undefined, true]);
  });
});

describe('a step-up', () => {
  it.each([
    'Bearer error="insufficient_user_authentication"',
    'Bearer realm="x", error="insufficient_user_authentication", error_description="more"',
    'Bearer ERROR=insufficient_user_authentication',
    'Bearer acr_values="mfa strong"',
    'Bearer max_age=0',
    'DPoP algs="ES256", Bearer max_age="5"',
    'Bearer error="Insufficient_User_Authentication"',
    'Bearer realm="a \\" b", acr_values = "x"',
    'Bearer max_age \t=  0',
    'Bearer error \t= \t"insufficient_user_authentication"',
    'error=insufficient_user_authentication, x',
  ])('is asked for by %s', challenge => {
    expect(asksForStepUp(challenge)).toBe(true);
  });

  it.each([
    'Bearer',
    'Bearer error="invalid_token"',
    'Bearer error_description="insufficient_user_authentication"',
    'Bearer realm="acr_values=1, max_age=2"',
    'Bearer realm="\\", max_age=2"',
    'Bearer x_max_age="1"',
    'Bearer max_age_x="1"',
    'Bearer x_error="insufficient_user_authentication"',
    'Bearer error="insufficient_user_authentication_x"',
    'Bearer error="x_insufficient_user_authentication"',
    'Bearer error="\\"insufficient_user_authentication\\""',
    'Bearer error="insufficient_user_authentication',
    'acr_values',
  ])('is not asked for by %s', challenge => {
    expect(asksForStepUp(challenge)).toBe(false);
  });

  it('is searched for in linear time', () => {
    for (const part of ['a', 'a ', 'a="', '"\\', 'a= ']) expect(asksForStepUp(part.repeat(200_000))).toBe(false);
  });
});
