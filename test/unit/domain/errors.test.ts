/** Rules of the one error type: a stable code, and nothing that says more than was put in. */
import { describe, expect, it } from 'vitest';
import { AuthorizerError } from '../../../src/domain/errors.ts';

describe('a fault', () => {
  it('is neither unhealthy nor worth repeating unless it says so', () => {
    expect(new AuthorizerError('PDP_ERROR')).toMatchObject({
      name: 'AuthorizerError',
      message: 'PDP_ERROR',
      code: 'PDP_ERROR',
      retryable: false,
      unhealthy: false,
      retryAfterMs: undefined,
      detail: undefined,
      correlationId: undefined,
    });
    expect(new AuthorizerError('PDP_ERROR')).not.toHaveProperty('cause');
  });

  it('says its code and its detail, and keeps its cause to itself', () => {
    const cause = new Error('canary');
    const fault = new AuthorizerError('PDP_ERROR', {
      detail: 'HTTP 502',
      unhealthy: true,
      retryable: true,
      retryAfterMs: 5,
      cause,
    });
    expect(fault).toMatchObject({
      message: 'PDP_ERROR: HTTP 502',
      unhealthy: true,
      retryable: true,
      retryAfterMs: 5,
      cause,
    });
    expect(fault).toBeInstanceOf(Error);
  });
});
