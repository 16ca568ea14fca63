/** Rules for serving an invocation: ids, cold starts, records, and the call when the answer leaves. */
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { serve } from '../../../src/corridor/authorizer.ts';
import { refuseAll } from '../../../src/corridor/corridor.ts';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Authorize, Gateway, Preflight, Visit } from '../../../src/corridor/port.ts';
import { apiGateway } from '../../../src/gateway/api-gateway.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { httpEvent, restEvent } from '../../support/events.ts';
import { type FakeClock, fakeClock } from '../fake-clock.ts';

const setUp = (environment: Environment = {}, authorize: Authorize = refuseAll) => {
  const clock = fakeClock();
  const visits: Visit[] = [];
  const durations: number[] = [];
  let answered = 0;
  const config = loadConfig(environment);
  const served = {
    authorize,
    admitsPreflights: true,
    breakerState: () => 'closed' as const,
    record: (visit: Visit, _outcome: unknown, durationMs: number) => {
      visits.push(visit);
      durations.push(durationMs);
    },
    answered: () => {
      answered += 1;
    },
  };
  const authorizer = serve(apiGateway(config.answers), config, served, clock, {
    initMs: clock.elapsed(),
    isOver: false,
  });
  return {
    clock,
    visits,
    durations,
    authorizer,
    get answered() {
      return answered;
    },
  };
};

describe('the first invocation', () => {
  it('is a cold start and has the init time; no later one is or has', async () => {
    const { visits, authorizer } = setUp();
    await authorizer(restEvent());
    await authorizer(restEvent());
    expect(visits.map(({ coldStart, initMs }) => [coldStart, initMs])).toEqual([
      [true, 0],
      [false, undefined],
    ]);
  });

  it('is no cold start if the concurrency was provisioned', async () => {
    const { visits, authorizer } = setUp({ AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' });
    await authorizer(restEvent());
    expect(visits[0]).toMatchObject({ coldStart: false, initMs: 0 });
  });
});

describe('an answer', () => {
  it('is recorded with its duration, and then `answered` is called', async () => {
    const slow = setUp({}, async visit => {
      await slow.clock.advance(25);
      return refuseAll(visit);
    });
    await slow.clock.advance(1000);
    await slow.authorizer(restEvent());
    expect([slow.durations, slow.answered]).toEqual([[25], 1]);
  });

  it('that is an error calls `answered` too', async () => {
    const stage = setUp({ FAIL_CLOSED_AS: 'error' });
    await expect(stage.authorizer(restEvent())).rejects.toThrow(/^CONFIG_INVALID/);
    expect([stage.visits.length, stage.answered]).toEqual([1, 1]);
  });

  it('has API Gateway’s request id, or else Lambda’s, or else `unknown`', async () => {
    const { authorizer } = setUp();
    const id = async (event: unknown, context?: unknown): Promise<unknown> =>
      (await authorizer(event, context)).context['correlationId'];
    expect(await id(httpEvent(), { awsRequestId: 'l-1' })).toBe('JKJaXmPLvHcESHA=');
    expect(await id(null, { awsRequestId: 'l-1' })).toBe('l-1');
    expect(await id(null)).toBe('unknown');
  });
});

describe('a visit', () => {
  it('shares nothing with another visit', async () => {
    const { authorizer, visits } = setUp({}, async visit => {
      visit.facts.attempts += 1;
      const fault = new Error('x');
      return { decision: failClosed(fault), request: undefined, unapplied: [], fault };
    });
    await Promise.all([authorizer(restEvent()), authorizer(restEvent())]);
    expect(visits.map(({ facts }) => facts.attempts)).toEqual([1, 1]);
  });

  it('has the trace id of Lambda’s X-Ray header', async () => {
    const { authorizer, visits } = setUp({
      _X_AMZN_TRACE_ID: 'Root=1-67891233-abcdef012345678912345678;Parent=1;Sampled=0',
    });
    await authorizer(restEvent());
    expect(visits[0]?.facts).toMatchObject({ traceId: '67891233abcdef012345678912345678', breaker: 'closed' });
  });
});

describe('a preflight that its gateway lets through', () => {
  const passed: Preflight<string> = { effect: 'preflight', ending: 'passed', status: undefined, result: 'on' };
  const gateway = (clock: FakeClock): Gateway<string> => ({
    receive: event => {
      void clock.advance(3);
      return {
        envelope: readEnvelope(event),
        readRequest: () => {
          throw new Error('nobody reads it');
        },
        preflight: () => passed,
        toResult: ({ decision }) => decision.effect,
      };
    },
    unapplied: () => [],
  });
  const through = async (admitsPreflights: boolean) => {
    const clock = fakeClock();
    await clock.advance(1000);
    const recorded: unknown[] = [];
    const parts = {
      authorize: refuseAll,
      admitsPreflights,
      breakerState: () => 'closed' as const,
      record: (_visit: Visit, outcome: unknown, durationMs: number) => void recorded.push(outcome, durationMs),
      answered: () => undefined,
    };
    const result = await serve(gateway(clock), loadConfig({}), parts, clock, { initMs: 0, isOver: false })(restEvent());
    return { result, recorded };
  };

  it('is recorded as what it is with its duration, and nobody decides on it', async () => {
    expect(await through(true)).toEqual({ result: 'on', recorded: [passed, 3] });
  });

  it('is refused like every request if the configuration is wrong', async () => {
    const { result, recorded } = await through(false);
    expect(result).toBe('deny');
    expect(recorded).toMatchObject([{ decision: { reasonCode: 'CONFIG_INVALID' } }, 3]);
  });
});
