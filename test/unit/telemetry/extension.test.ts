/** The rules of the internal extension: flush between the answer and the next event, or without events after each answer. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRecord, listenOnLoopback, parseJson, readBody } from '../../../local/loopback.ts';
import { systemClock } from '../../../src/pdp/deadline.ts';
import { startExtension } from '../../../src/telemetry/extension.ts';
import { settled } from '../fake-clock.ts';

const IDENTIFIER = 'extension-1';

interface Api {
  readonly address: string;
  /** What the extension did, in order; flushes included. */
  readonly steps: string[];
  /** Hands the waiting extension its next event, or a refusal. */
  event(status?: number): Promise<void>;
  step(name: string, times?: number): Promise<void>;
}

const startApi = async (registerStatus = 200): Promise<Api> => {
  const steps: string[] = [];
  const waiting: ServerResponse[] = [];
  const server = await listenOnLoopback((request, response) => {
    readBody(request).then(
      body => {
        const path = `${request.method} ${request.url}`;
        if (path === 'POST /2020-01-01/extension/register') {
          const parsed = parseJson(body?.toString() ?? '');
          const events = isRecord(parsed) ? JSON.stringify(parsed['events']) : '';
          steps.push(`register ${String(request.headers['lambda-extension-name'])} ${events}`);
          response.writeHead(registerStatus, { 'lambda-extension-identifier': IDENTIFIER });
          response.end('{}');
          return;
        }
        if (path === 'GET /2020-01-01/extension/event/next') {
          const known = request.headers['lambda-extension-identifier'] === IDENTIFIER;
          steps.push(known ? 'next' : 'next of a stranger');
          waiting.push(response);
        }
      },
      () => response.destroy(),
    );
  });
  onTestFinished(server.close);
  const step = (name: string, times = 1): Promise<void> =>
    expect.poll(() => steps.filter(each => each === name).length).toBe(times);
  return {
    address: server.origin.slice('http://'.length),
    steps,
    step,
    event: async (status = 200) => {
      await expect.poll(() => waiting.length).toBe(1);
      const response = waiting.shift();
      response?.writeHead(status);
      response?.end('{"eventType":"INVOKE"}');
    },
  };
};

const flushing =
  ({ steps }: Api) =>
  (): Promise<void> => {
    steps.push('flush');
    return Promise.resolve();
  };

const REGISTERED = 'register pingone-authorizer-telemetry ["INVOKE"]';

describe('the extension', () => {
  it('registers for INVOKE alone and flushes between an answer and its wait for the next event', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    await api.event();
    answered();
    await api.step('next', 2);
    expect(api.steps).toEqual([REGISTERED, 'next', 'flush', 'next']);
  });

  it('waits for the answer where the event comes first', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    await api.event();
    await settled();
    expect(api.steps).not.toContain('flush');
    answered();
    await api.step('flush');
  });

  it('flushes at once where the answer comes before its own event', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    await api.step('next');
    answered();
    await settled();
    expect(api.steps).not.toContain('flush');
    await api.event();
    await api.step('next', 2);
    expect(api.steps).toEqual([REGISTERED, 'next', 'flush', 'next']);
  });

  it('flushes once for each invocation', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    for (let round = 1; round <= 3; round += 1) {
      await api.event();
      answered();
      await api.step('next', round + 1);
    }
    expect(api.steps.filter(step => step === 'flush')).toHaveLength(3);
  });

  it('does not ask for the next event before the flush has ended', async () => {
    const api = await startApi();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { answered } = startExtension(api.address, () => promise, systemClock);
    await api.event();
    answered();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    expect(api.steps.filter(step => step === 'next')).toHaveLength(1);
    resolve();
    await api.step('next', 2);
  });
});

describe('without an extension', () => {
  it.each([403, 500])('(registration answered %d) each answer is followed by a flush', async status => {
    const api = await startApi(status);
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    await api.step(REGISTERED);
    await expect
      .poll(() => {
        answered();
        return api.steps.includes('flush');
      })
      .toBe(true);
    expect(api.steps).not.toContain('next');
  });

  it('(events refused) each answer is followed by a flush', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, flushing(api), systemClock);
    await api.event(410);
    await expect
      .poll(() => {
        answered();
        return api.steps.includes('flush');
      })
      .toBe(true);
  });

  it('(nobody listens) nothing is thrown and each answer is followed by a flush', async () => {
    const gone = await listenOnLoopback(() => undefined);
    await gone.close();
    let flushes = 0;
    const { answered } = startExtension(
      gone.origin.slice('http://'.length),
      () => {
        flushes += 1;
        return Promise.resolve();
      },
      systemClock,
    );
    await expect
      .poll(() => {
        answered();
        return flushes;
      })
      .toBeGreaterThan(0);
  });
});
