/** Rules for the one error type: a stable code, and a message that holds only the code and the detail. */
import { describe, expect, it } from 'vitest';
import { AuthorizerError, errorName, FAULT_CODES, POLICY_REASONS } from '../../../src/domain/errors.ts';

it('the reasons are three of PingOne and thirteen of ours, each a word that alarms can name', () => {
  expect([POLICY_REASONS.length, new Set([...POLICY_REASONS, ...FAULT_CODES]).size]).toEqual([3, 16]);
  for (const reason of [...POLICY_REASONS, ...FAULT_CODES]) expect(reason).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
});

describe('a fault', () => {
  it('is neither unhealthy nor retryable nor out of step unless it says so', () => {
    expect(new AuthorizerError('PDP_ERROR')).toMatchObject({
      name: 'AuthorizerError',
      message: 'PDP_ERROR',
      code: 'PDP_ERROR',
      retryable: false,
      unhealthy: false,
      outOfStep: false,
      retryAfterMs: undefined,
      detail: undefined,
      correlationId: undefined,
    });
    expect(new AuthorizerError('PDP_ERROR')).not.toHaveProperty('cause');
  });

  it('shows its code and its detail, and not its cause', () => {
    const cause = new Error('canary');
    const fault = new AuthorizerError('PDP_ERROR', {
      detail: 'HTTP 502',
      unhealthy: true,
      outOfStep: true,
      retryable: true,
      retryAfterMs: 5,
      cause,
    });
    expect(fault).toMatchObject({
      message: 'PDP_ERROR: HTTP 502',
      unhealthy: true,
      outOfStep: true,
      retryable: true,
      retryAfterMs: 5,
      cause,
    });
    expect(fault).toBeInstanceOf(Error);
  });
});

it('an error is known to logs by its class only, and what is none has no name', () => {
  expect([new AuthorizerError('PDP_ERROR'), new TypeError('canary'), 'canary', undefined].map(errorName)).toEqual([
    'AuthorizerError',
    'TypeError',
    'unknown',
    'unknown',
  ]);
});
