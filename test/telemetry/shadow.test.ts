/** The shadow in the built zip: after the answer, before the environment freezes, and nothing at all if it is off. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, recordsOf } from '../fault/answers.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { restEvent } from '../support/events.ts';
import { startFakePdp } from '../support/fake-pdp.ts';
import { setStage as setTelemetryStage } from './stage.ts';

const NO_SPANS = { OTEL_SDK_DISABLED: 'true' };

const setStage = async (shadowMeets: readonly Behaviour[], env: Readonly<Record<string, string>> = NO_SPANS) => {
  const shadow = await startFakePdp({ script: shadowMeets, otherwise: { kind: 'permit' } });
  onTestFinished(shadow.close);
  const variables = { SHADOW_SERVICE_URL: shadow.url, SHADOW_GATEWAY_CREDENTIAL: 'of-the-shadow', ...env };
  const { pdp, environment, collector } = await setTelemetryStage({ env: variables });
  const decide = async () => {
    const answer = answerOf(await environment.invoke(restEvent({ requestContext: { requestId: 'gateway-1' } })));
    const answeredBefore = shadow.calls.filter(({ outcome }) => outcome === 'answered').length;
    return { gets: answer.gets, answeredBefore };
  };
  return { pdp, shadow, environment, collector, decide };
};

describe('a shadow', () => {
  it('has an extension of its own, also beside that of the spans', async () => {
    const alone = await setStage([]);
    expect(alone.environment.extensions).toEqual(['pingone-authorizer-shadow']);
    const both = await setStage([], {});
    expect(both.environment.extensions.toSorted()).toEqual([
      'pingone-authorizer-shadow',
      'pingone-authorizer-telemetry',
    ]);
    for (const { decide, environment, shadow } of [alone, both]) {
      expect((await decide()).gets).toBe('PERMIT');
      await environment.idle();
      expect(shadow.callCount).toBe(1);
    }
    await expect.poll(() => both.collector.spans.length).toBe(3);
  });

  it('is asked the same with its own credential and the same id, between the answer and the freeze', async () => {
    const { pdp, shadow, environment, decide } = await setStage([
      { kind: 'slow', ms: 100, behaviour: { kind: 'deny' } },
    ]);
    expect(await decide()).toEqual({ gets: 'PERMIT', answeredBefore: 0 });
    await environment.idle();
    environment.freeze();
    expect(shadow.calls).toMatchObject([{ outcome: 'answered', credential: 'of-the-shadow' }]);
    const bodyOf = ({ rawBody }: { readonly rawBody: string }) => ({ ...JSON.parse(rawBody), source_port: 0 });
    expect(shadow.calls.map(bodyOf)).toEqual(pdp.calls.map(bodyOf));
    expect(shadow.calls[0]?.headers['correlation-id']).toBe('gateway-1');
    environment.thaw();
    await expect
      .poll(() => recordsOf(environment.lines, 'shadow'))
      .toMatchObject([
        {
          kind: 'permit/deny',
          pingone: { effect: 'permit', reasonCode: 'PERMIT' },
          shadow: { effect: 'deny', reasonCode: 'POLICY_DENIED', status: 403 },
          requestId: 'gateway-1',
          ShadowDisagree: 1,
        },
      ]);
    expect(environment.lines.join()).not.toContain('of-the-shadow');
  });

  it('that agrees or fails is counted by the next decision', async () => {
    const { environment, decide } = await setStage([{ kind: 'permit' }, { kind: 'reply', status: 500 }]);
    for (let at = 0; at < 3; at += 1) {
      await decide();
      await environment.idle();
    }
    await expect.poll(() => recordsOf(environment.lines, 'decision')).toHaveLength(3);
    const [first, second, third] = recordsOf(environment.lines, 'decision');
    expect([first?.['ShadowAgree'], second?.['ShadowAgree'], third?.['ShadowFailed']]).toEqual([undefined, 1, 1]);
    expect(recordsOf(environment.lines, 'shadow-failed')).toMatchObject([{ reasonCode: 'PDP_ERROR' }]);
  });

  it('is asked for a cached permit as well, and its own answers are never kept', async () => {
    const { pdp, shadow, environment, decide } = await setStage([], { ...NO_SPANS, DECISION_CACHE_TTL_MS: '60000' });
    for (let at = 0; at < 3; at += 1) {
      await decide();
      await environment.idle();
    }
    expect([pdp.callCount, shadow.callCount]).toEqual([1, 3]);
  });

  it('that is off leaves no trace: no extension, and its files are not loaded', async () => {
    const { environment, pdp } = await setTelemetryStage({ env: NO_SPANS });
    expect(environment.extensions).toEqual([]);
    expect(answerOf(await environment.invoke(restEvent())).gets).toBe('PERMIT');
    expect(pdp.callCount).toBe(1);
  });
});
