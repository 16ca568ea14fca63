/** Rules for failing closed: anything that was thrown becomes a Deny with a reason. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import { AuthorizerError, type FaultCode } from '../../../src/domain/errors.ts';

/** Every fault with its documented status. */
const STATUS: Readonly<Record<FaultCode, number>> = {
  INVALID_REQUEST: 400,
  CONFIG_INVALID: 500,
  CREDENTIAL_UNAVAILABLE: 500,
  CREDENTIAL_REFUSED: 500,
  PDP_TIMEOUT: 503,
  PDP_UNREACHABLE: 503,
  CIRCUIT_OPEN: 503,
  PDP_RATE_LIMITED: 503,
  PDP_ERROR: 502,
  PDP_REJECTED: 502,
  PDP_BAD_REPLY: 502,
  UNAPPLIED_CHANGES: 403,
  INTERNAL: 500,
};
const CODES = Object.keys(STATUS).filter((code): code is FaultCode => code in STATUS);

describe('a fault', () => {
  it.each(CODES)('%s is a Deny with its documented status, its detail and its correlation id', code => {
    expect(failClosed(new AuthorizerError(code, { detail: 'why', correlationId: 'c-1' }))).toMatchObject({
      effect: 'deny',
      reasonCode: code,
      status: STATUS[code],
      reason: expect.stringMatching(/^[A-Z].+: why$/),
      fromPdp: false,
      correlationId: 'c-1',
    });
  });

  it('that is not ours is INTERNAL, and its text is dropped', () => {
    for (const error of [
      new Error('canary'),
      new TypeError('canary'),
      'canary',
      { message: 'canary', code: 'PDP_TIMEOUT' },
    ]) {
      const denial = failClosed(error);
      expect(denial).toEqual({
        effect: 'deny',
        reasonCode: 'INTERNAL',
        status: 500,
        reason: 'The authorizer failed',
        fromPdp: false,
        correlationId: undefined,
      });
    }
  });
});

describe('failing closed', () => {
  it('never throws and never permits, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withProxy: true } as fc.ObjectConstraints), thrown => {
        expect(failClosed(thrown)).toMatchObject({ effect: 'deny', reasonCode: 'INTERNAL' });
      }),
    );
  });

  it('denies even if reading the thrown object throws', () => {
    const bites = (): never => {
      throw new Error('no');
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const thrown of [
      new Proxy({}, { get: bites, getPrototypeOf: bites, has: bites }),
      proxy,
      undefined,
      null,
      Symbol('x'),
    ]) {
      expect(failClosed(thrown)).toMatchObject({ effect: 'deny', reasonCode: 'INTERNAL' });
    }
  });
});
