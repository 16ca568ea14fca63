/** The rules of the internal extension: export between the answer and the wait for the next event, or without events after each answer. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRecord, listenOnLoopback, parseJson, readBody } from '../../../local/loopback.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { startExtension } from '../../../src/telemetry/extension.ts';
import { fakeClock, settled } from '../fake-clock.ts';

const NAME = 'pingone-authorizer-telemetry';

const IDENTIFIER = 'extension-1';

interface Api {
  readonly address: string;
  /** What the extension did, in order; exports included. */
  readonly steps: string[];
  /** Answers the registration that waits for that. */
  register(status: number): void;
  /** Hands the waiting extension its next event, or a refusal. */
  event(status?: number): Promise<void>;
  /** Breaks the connection of the waiting extension. */
  reset(): Promise<void>;
  step(name: string, times?: number): Promise<void>;
}

/** Registration is answered with this status, or when `register` is called. */
const startApi = async (registerStatus: number | 'later' = 200): Promise<Api> => {
  const steps: string[] = [];
  const waiting: ServerResponse[] = [];
  const registering: ((status: number) => void)[] = [];
  const server = await listenOnLoopback((request, response) => {
    readBody(request).then(
      body => {
        const path = `${request.method} ${request.url}`;
        if (path === 'POST /2020-01-01/extension/register') {
          const parsed = parseJson(body?.toString() ?? '');
          const events = isRecord(parsed) ? JSON.stringify(parsed['events']) : '';
          steps.push(`register ${String(request.headers['lambda-extension-name'])} ${events}`);
          const answer = (status: number): void => {
            response.writeHead(status, { 'lambda-extension-identifier': IDENTIFIER });
            response.end('{}');
          };
          if (registerStatus === 'later') registering.push(answer);
          else answer(registerStatus);
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
    register: status => registering.shift()?.(status),
    event: async (status = 200) => {
      await expect.poll(() => waiting.length).toBe(1);
      const response = waiting.shift();
      response?.writeHead(status);
      response?.end('{"eventType":"INVOKE"}');
    },
    reset: async () => {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.shift()?.destroy();
    },
  };
};

/** What is to be done after an answer, held by the extension or not. */
const exporting =
  ({ steps }: Api) =>
  (held: boolean): Promise<void> => {
    steps.push(held ? 'export' : 'export unheld');
    return Promise.resolve();
  };

const REGISTERED = 'register pingone-authorizer-telemetry ["INVOKE"]';

describe('the extension', () => {
  it('registers for INVOKE alone and exports between an answer and its wait for the next event', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.event();
    answered();
    await api.step('next', 2);
    expect(api.steps).toEqual([REGISTERED, 'next', 'export', 'next']);
  });

  it('waits for the answer where the event comes first', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.event();
    await settled();
    expect(api.steps).not.toContain('export');
    answered();
    await api.step('export');
  });

  it('exports at once where the answer comes before its own event', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.step('next');
    answered();
    await settled();
    expect(api.steps).not.toContain('export');
    await api.event();
    await api.step('next', 2);
    expect(api.steps).toEqual([REGISTERED, 'next', 'export', 'next']);
  });

  it('exports once for each invocation', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    for (let round = 1; round <= 3; round += 1) {
      await api.event();
      answered();
      await api.step('next', round + 1);
    }
    expect(api.steps.filter(step => step === 'export')).toHaveLength(3);
  });

  it('does not ask for the next event before the export has ended', async () => {
    const api = await startApi();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { answered } = startExtension(api.address, () => promise, systemClock, NAME);
    await api.event();
    answered();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    expect(api.steps.filter(step => step === 'next')).toHaveLength(1);
    resolve();
    await api.step('next', 2);
  });

  it('shares no connection with another one, whose wait for an event would keep it from its own', async () => {
    const api = await startApi('later');
    const others = 'pingone-authorizer-shadow';
    startExtension(api.address, exporting(api), systemClock, NAME);
    startExtension(api.address, exporting(api), systemClock, others);
    await api.step(REGISTERED);
    await api.step(`register ${others} ["INVOKE"]`);
    api.register(200);
    await api.step('next');
    api.register(200);
    await api.step('next', 2);
  });
});

describe('a broken wait for an event', () => {
  it('is repeated, each time that it breaks after an event: Lambda waits for whoever has registered', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    for (let round = 1; round <= 2; round += 1) {
      await api.reset();
      await api.event();
      answered();
      await api.step('export', round);
    }
    await api.step('next', 5);
    expect(api.steps).not.toContain('export unheld');
  });

  it('is repeated after the work that an answer meanwhile asks for', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.step('next');
    answered();
    await api.reset();
    await api.step('next', 2);
    expect(api.steps).toEqual([REGISTERED, 'next', 'export', 'next']);
    await api.event();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    expect(api.steps).toEqual([REGISTERED, 'next', 'export', 'next']);
    answered();
    await api.step('export', 2);
  });

  it('that breaks twice in a row ends the extension: from then on each answer is followed by an export', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.reset();
    await api.reset();
    await expect
      .poll(() => {
        answered();
        return api.steps.includes('export unheld');
      })
      .toBe(true);
    expect(api.steps.filter(step => step === 'next')).toHaveLength(2);
  });
});

describe('init', () => {
  it('may end when Lambda has registered the extension', async () => {
    const api = await startApi('later');
    const clock = fakeClock();
    let ended = false;
    const { ready } = startExtension(api.address, exporting(api), clock, NAME);
    const over = ready.then(() => {
      ended = true;
    });
    await api.step(REGISTERED);
    await settled();
    expect(ended).toBe(false);
    api.register(200);
    await over;
    expect(clock.pending).toBe(0);
  });

  it('may end when Lambda has refused', async () => {
    const api = await startApi(403);
    await startExtension(api.address, exporting(api), fakeClock(), NAME).ready;
    expect(api.steps).toEqual([REGISTERED]);
  });

  it('may end where nobody listens', async () => {
    const gone = await listenOnLoopback(() => undefined);
    await gone.close();
    await startExtension(gone.origin.slice('http://'.length), () => Promise.resolve(), fakeClock(), NAME).ready;
  });

  it('may end after 200 ms where nobody answers', async () => {
    const api = await startApi('later');
    const clock = fakeClock();
    let ended = false;
    void startExtension(api.address, exporting(api), clock, NAME).ready.then(() => {
      ended = true;
    });
    await clock.advance(199);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(ended).toBe(true);
  });
});

describe('a registration that is answered late', () => {
  const registersLate = async () => {
    const api = await startApi('later');
    const clock = fakeClock();
    const { ready, answered } = startExtension(api.address, exporting(api), clock, NAME);
    await api.step(REGISTERED);
    await clock.advance(200);
    await ready;
    return { api, answered };
  };

  it('does not hold back the export after an answer that came before', async () => {
    const { api, answered } = await registersLate();
    answered();
    await api.step('export unheld');
    expect(api.steps).toEqual([REGISTERED, 'export unheld']);
  });

  it('still waits for the answer of each event: those from before count for none', async () => {
    const { api, answered } = await registersLate();
    answered();
    await api.step('export unheld');
    api.register(200);
    for (let round = 1; round <= 2; round += 1) {
      await api.event();
      for (let turn = 0; turn < 10; turn += 1) await settled();
      expect(api.steps.filter(step => step.startsWith('export'))).toHaveLength(round);
      answered();
      await api.step('next', round + 1);
    }
    expect(api.steps).toEqual([REGISTERED, 'export unheld', 'next', 'export', 'next', 'export', 'next']);
  });

  it('is still followed by the wait for an event: Lambda would not end init without it', async () => {
    const { api } = await registersLate();
    api.register(200);
    await api.step('next');
  });

  it('and refused leaves an export after each answer', async () => {
    const { api, answered } = await registersLate();
    api.register(403);
    for (let round = 1; round <= 2; round += 1) {
      answered();
      await api.step('export unheld', round);
    }
    expect(api.steps).not.toContain('next');
  });
});

describe('without an extension', () => {
  it.each([403, 500])(
    '(registration answered %d) each answer is followed by an export that Lambda may freeze',
    async status => {
      const api = await startApi(status);
      const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
      await api.step(REGISTERED);
      await expect
        .poll(() => {
          answered();
          return api.steps.includes('export unheld');
        })
        .toBe(true);
      expect(api.steps).not.toContain('next');
    },
  );

  it('(events refused) each answer is followed by an export that Lambda may freeze', async () => {
    const api = await startApi();
    const { answered } = startExtension(api.address, exporting(api), systemClock, NAME);
    await api.event(410);
    await expect
      .poll(() => {
        answered();
        return api.steps.includes('export unheld');
      })
      .toBe(true);
  });

  it('(nobody listens) nothing is thrown and each answer is followed by an export that Lambda may freeze', async () => {
    const gone = await listenOnLoopback(() => undefined);
    await gone.close();
    let exports = 0;
    const { answered } = startExtension(
      gone.origin.slice('http://'.length),
      () => {
        exports += 1;
        return Promise.resolve();
      },
      systemClock,
      NAME,
    );
    await expect
      .poll(() => {
        answered();
        return exports;
      })
      .toBeGreaterThan(0);
  });
});
