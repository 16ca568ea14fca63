/** Rules for the corridor: a request comes out as PingOne's decision, or else as a Deny. */
import { describe, expect, it } from 'vitest';
import { type CorridorSettings, corridor, refuseAll } from '../../../src/corridor/corridor.ts';
import type { Authorize, Outcome } from '../../../src/corridor/port.ts';
import { deny, type UnappliedChange } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { apiGateway } from '../../../src/gateway/api-gateway.ts';
import { readInvocation } from '../../../src/lambda/invocation.ts';
import { budgetMs } from '../../../src/pdp/deadline.ts';
import type { Pdp } from '../../../src/pdp/pdp.ts';
import { httpEvent, restEvent, tokenEvent } from '../../support/events.ts';
import { fakeClock, settled } from '../fake-clock.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const SETTINGS: CorridorSettings = { deadlineMs: 1000, onUnappliedChanges: 'ignore' };
const GATEWAY = apiGateway({
  responseFormat: 'iam',
  failClosedAs: 'deny',
  unauthorizedAs: 'throw',
  forwardHeaders: ['x-exported'],
});
const DENIED = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
const CHANGES: readonly UnappliedChange[] = [{ kind: 'query' }, { kind: 'header-added', name: 'x-user' }];
const EXPORTED: UnappliedChange = { kind: 'header-added', name: 'x-exported' };

const walk = (authorize: Authorize, event: unknown = restEvent(), remainingMs?: number): Promise<Outcome> =>
  authorize(
    visitOf(event, {
      invocation: readInvocation(remainingMs === undefined ? {} : { getRemainingTimeInMillis: () => remainingMs }),
    }),
  );
const through = (pdp: Pdp, settings: Partial<CorridorSettings> = {}, event?: unknown): Promise<Outcome> =>
  walk(corridor(GATEWAY, pdp, { ...SETTINGS, ...settings }, fakeClock()), event);

describe('the corridor', () => {
  it('asks the PDP about the frozen request and returns its decision', async () => {
    const asked: AccessRequest[] = [];
    const outcome = await through(async request => {
      asked.push(request);
      return DENIED;
    });
    expect(outcome).toMatchObject({ decision: DENIED, fault: undefined, unapplied: [] });
    expect(asked[0]).toBe(outcome.request);
    expect(Object.isFrozen(asked[0])).toBe(true);
  });

  it('does not ask the PDP about an event that it refuses', async () => {
    const outcome = await through(() => Promise.reject(new Error('asked')), {}, tokenEvent());
    expect(outcome).toMatchObject({ decision: { reasonCode: 'INVALID_REQUEST' }, request: undefined, unapplied: [] });
  });

  it('tells the PDP the gateway’s id of the request, or else Lambda’s', async () => {
    const ids: unknown[] = [];
    const authorize = corridor(
      GATEWAY,
      async (_, { requestId }) => {
        ids.push(requestId);
        return DENIED;
      },
      SETTINGS,
      fakeClock(),
    );
    const invocation = readInvocation({ awsRequestId: 'l-1' });
    await authorize(visitOf(httpEvent(), { invocation }));
    await authorize(visitOf(httpEvent({ requestContext: { requestId: undefined } }), { invocation }));
    expect(ids).toEqual(['JKJaXmPLvHcESHA=', 'l-1']);
  });

  it.each([
    ['a fault of ours', new AuthorizerError('PDP_ERROR'), 'PDP_ERROR'],
    ['a bug', new TypeError('x'), 'INTERNAL'],
    ['what is no error', 'x', 'INTERNAL'],
  ])('answers %s with a Deny, and keeps the error for telemetry', async (_, thrown: unknown, reasonCode) => {
    const outcome = await through(() => Promise.reject(thrown));
    expect(outcome).toMatchObject({ decision: { effect: 'deny', reasonCode }, fault: thrown });
  });

  it('denies if the PDP throws before it returns a promise', async () => {
    const outcome = await through(() => {
      throw new Error('at once');
    });
    expect(outcome.decision).toMatchObject({ effect: 'deny', reasonCode: 'INTERNAL' });
  });
});

describe('the deadline', () => {
  it('ends the wait for a PDP that never settles, and aborts its signal', async () => {
    const clock = fakeClock();
    let told: AbortSignal | undefined;
    const hangs: Pdp = (_, { signal }) => {
      told = signal;
      return new Promise(() => undefined);
    };
    const outcome = walk(corridor(GATEWAY, hangs, SETTINGS, clock));
    await clock.advance(1000);
    expect(told?.aborted).toBe(true);
    await clock.advance(100);
    expect((await outcome).decision).toMatchObject({ effect: 'deny', reasonCode: 'PDP_TIMEOUT', status: 503 });
  });

  it('comes sooner if Lambda leaves less time', async () => {
    const clock = fakeClock();
    const outcome = walk(
      corridor(GATEWAY, () => new Promise(() => undefined), SETTINGS, clock),
      restEvent(),
      500,
    );
    const budget = budgetMs(SETTINGS.deadlineMs, 500);
    expect(budget).toBeLessThan(500);
    await clock.advance(budget - 1);
    let answered = false;
    void outcome.then(() => {
      answered = true;
    });
    await settled();
    expect(answered).toBe(false);
    await clock.advance(100);
    expect((await outcome).decision).toMatchObject({ reasonCode: 'PDP_TIMEOUT' });
  });

  it('leaves no timer running after the answer', async () => {
    const clock = fakeClock();
    let told: AbortSignal | undefined;
    await walk(
      corridor(
        GATEWAY,
        async (_, { signal }) => {
          told = signal;
          return DENIED;
        },
        SETTINGS,
        clock,
      ),
    );
    // No timer is left, so the signal stays as it is.
    expect([told?.aborted, clock.pending]).toEqual([false, 0]);
  });
});

describe('unapplied changes', () => {
  const pdp: Pdp = async () => permitFor({ headers: [], changes: [...CHANGES, EXPORTED], correlationId: 'c-1' });

  it('are listed beside the permit if they are ignored, without the headers that the backend gets', async () => {
    expect(await through(pdp)).toMatchObject({ decision: { effect: 'permit' }, unapplied: CHANGES, fault: undefined });
  });

  it('deny if the setting says so, and the client sees their kinds but no header name', async () => {
    expect(await through(pdp, { onUnappliedChanges: 'deny' })).toMatchObject({
      decision: {
        effect: 'deny',
        reasonCode: 'UNAPPLIED_CHANGES',
        status: 403,
        reason: expect.stringMatching(/: query, header-added$/),
        correlationId: 'c-1',
      },
      unapplied: CHANGES,
    });
  });

  it('do not deny if the backend gets every one of them', async () => {
    const exported: Pdp = async () => permitFor({ headers: [], changes: [EXPORTED] });
    expect((await through(exported, { onUnappliedChanges: 'deny' })).decision.effect).toBe('permit');
  });
});

describe('a permit for another request', () => {
  it.each<UnappliedChange['kind']>(['method', 'url', 'path'])(
    'is refused for its %s, whatever ON_UNAPPLIED_CHANGES says',
    async kind => {
      const pdp: Pdp = async () => permitFor({ headers: [], changes: [...CHANGES, { kind }], correlationId: 'c-1' });
      for (const onUnappliedChanges of ['ignore', 'deny'] as const) {
        expect(await through(pdp, { onUnappliedChanges })).toMatchObject({
          decision: {
            effect: 'deny',
            reasonCode: 'UNAPPLIED_CHANGES',
            status: 403,
            reason: expect.stringContaining(kind),
            correlationId: 'c-1',
          },
          unapplied: [...CHANGES, { kind }],
        });
      }
    },
  );
});

describe('a wrong configuration', () => {
  it('refuses every request without reading it', async () => {
    for (const event of [restEvent(), null]) {
      expect(await walk(refuseAll, event)).toMatchObject({
        decision: { effect: 'deny', reasonCode: 'CONFIG_INVALID', status: 500 },
        request: undefined,
        unapplied: [],
      });
    }
  });
});
