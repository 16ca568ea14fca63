/** Rules of a further attempt. */
import { describe, expect, it } from 'vitest';
import { newFacts } from '../../../src/domain/call.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { retried } from '../../../src/pdp/retry.ts';
import type { Send } from '../../../src/pdp/send.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';
import { codeOf } from '../faults.ts';

const POST = { body: '{}', credential: 'c', propagation: {} };
const OK: SidebandReply = { status: 200, headers: {}, body: undefined };
const RESET = new AuthorizerError('PDP_UNREACHABLE', { retryable: true, unhealthy: true });
const BUSY = new AuthorizerError('PDP_ERROR', { retryable: true, unhealthy: true });
const TIMEOUT = new AuthorizerError('PDP_TIMEOUT', { unhealthy: true });
const OPEN = new AuthorizerError('CIRCUIT_OPEN');

const scripted = (...script: readonly (Error | SidebandReply)[]) => {
  const left = [...script];
  const send: Send = async () => {
    const next = left.shift();
    if (next === undefined) throw new Error('an attempt too many');
    if (next instanceof Error) throw next;
    return next;
  };
  return { send, left };
};
const call = (signal: AbortSignal = new AbortController().signal) => ({ signal, facts: newFacts(), trace: undefined });

describe('a further attempt', () => {
  it('is made where the fault says that it is safe and may help, as often as configured', async () => {
    expect(await retried(scripted(RESET, OK).send, 1)(POST, call())).toBe(OK);
    expect(await retried(scripted(RESET, BUSY, OK).send, 2)(POST, call())).toBe(OK);
    expect(await codeOf(() => retried(scripted(RESET, BUSY, OK).send, 1)(POST, call()))).toBe('PDP_ERROR');
    expect(await codeOf(() => retried(scripted(RESET, OK).send, 0)(POST, call()))).toBe('PDP_UNREACHABLE');
  });

  it('is not made after a timeout, a rate limit, or what nobody foresaw', async () => {
    for (const fault of [TIMEOUT, new AuthorizerError('PDP_RATE_LIMITED', { unhealthy: true }), new Error('bug')]) {
      const { send, left } = scripted(fault, OK);
      await expect(retried(send, 2)(POST, call())).rejects.toBe(fault);
      expect(left).toHaveLength(1);
    }
  });

  it('is not made after a reply that is an answer', async () => {
    const { send, left } = scripted({ ...OK, status: 404 }, OK);
    expect((await retried(send, 2)(POST, call())).status).toBe(404);
    expect(left).toHaveLength(1);
  });

  it('is not made once the request is over', async () => {
    const controller = new AbortController();
    const { send, left } = scripted(RESET, OK);
    const sending: Send = async (post, own) => {
      controller.abort();
      return send(post, own);
    };
    await expect(retried(sending, 2)(POST, call(controller.signal))).rejects.toBe(RESET);
    expect(left).toHaveLength(1);
  });
});

describe('the number of further attempts', () => {
  it('is that of the whole request, also where it is sent again with another credential', async () => {
    const { send, left } = scripted(BUSY, { ...OK, status: 401 }, BUSY, OK);
    const request = call();
    const patient = retried(send, 1);
    expect((await patient(POST, request)).status).toBe(401);
    await expect(patient({ ...POST, credential: 'replaced' }, request)).rejects.toBe(BUSY);
    expect(left).toHaveLength(1);
    expect(request.facts.retries).toBe(1);
  });

  it('is a request’s own', async () => {
    const { send } = scripted(BUSY, OK, BUSY, OK);
    const patient = retried(send, 1);
    expect([await patient(POST, call()), await patient(POST, call())]).toEqual([OK, OK]);
  });
});

describe('the reason', () => {
  it('is that of the last attempt', async () => {
    await expect(retried(scripted(RESET, TIMEOUT).send, 1)(POST, call())).rejects.toBe(TIMEOUT);
  });

  it('stays the fault that came before where the breaker opened in between', async () => {
    await expect(retried(scripted(BUSY, OPEN).send, 1)(POST, call())).rejects.toBe(BUSY);
    await expect(retried(scripted(OPEN).send, 1)(POST, call())).rejects.toBe(OPEN);
  });
});
