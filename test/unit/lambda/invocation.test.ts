/** Rules for reading Lambda's context: any part of it may be missing or throw. */
import { describe, expect, it } from 'vitest';
import { readInvocation } from '../../../src/lambda/invocation.ts';

describe('an invocation', () => {
  it('has its ids, its trace and its remaining time from Lambda’s context', () => {
    const context = {
      left: 1234,
      getRemainingTimeInMillis() {
        return this.left;
      },
      awsRequestId: 'r1',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:1:function:f',
      xRayTraceId: 'Root=1',
    };
    expect(readInvocation(context)).toEqual({
      remainingMs: 1234,
      requestId: 'r1',
      functionArn: 'arn:aws:lambda:eu-west-1:1:function:f',
      xrayHeader: 'Root=1',
    });
  });

  it('is also read from a class, whose members a context may inherit', () => {
    class Context {
      get awsRequestId(): string {
        return 'r2';
      }
      getRemainingTimeInMillis(): number {
        return 7;
      }
    }
    expect(readInvocation(new Context())).toMatchObject({ remainingMs: 7, requestId: 'r2' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'context'],
    ['an empty object', {}],
    ['a time that is no function', { getRemainingTimeInMillis: 5 }],
    ['a time that is no number', { getRemainingTimeInMillis: () => '5' }],
    ['a time that is endless', { getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY }],
    [
      'a time that throws',
      {
        getRemainingTimeInMillis: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('is unknown, and no error, if the context is or has %s', (_, context) => {
    expect(readInvocation(context)).toStrictEqual({
      remainingMs: undefined,
      requestId: undefined,
      functionArn: undefined,
      xrayHeader: undefined,
    });
  });

  it('keeps what it knows if another member has the wrong type or is empty', () => {
    const context = { awsRequestId: 'r3', getRemainingTimeInMillis: 5, invokedFunctionArn: '', xRayTraceId: 7 };
    expect(readInvocation(context)).toEqual({
      remainingMs: undefined,
      requestId: 'r3',
      functionArn: undefined,
      xrayHeader: undefined,
    });
  });
});
