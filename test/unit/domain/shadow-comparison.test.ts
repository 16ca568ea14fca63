/** Rules of when two decisions disagree. */
import { describe, expect, it } from 'vitest';
import { deny } from '../../../src/domain/decision.ts';
import type { ReasonCode } from '../../../src/domain/errors.ts';
import { comparedOf, disagreementOf } from '../../../src/domain/shadow-comparison.ts';
import { permitFor } from '../permits.ts';

const permit = comparedOf(permitFor({ headers: [['x-secret', 'value']], changes: [], correlationId: 'c-1' }));
const denial = (reasonCode: Exclude<ReasonCode, 'PERMIT'>, status: number) =>
  comparedOf(deny({ reasonCode, status, reason: 'a secret of the policy', body: '{"secret":1}', fromPdp: true }));

describe('two decisions', () => {
  it.each([
    ['permit and permit', permit, permit, undefined],
    ['permit and denial', permit, denial('POLICY_DENIED', 403), 'permit/deny'],
    ['denial and permit', denial('POLICY_DENIED', 403), permit, 'deny/permit'],
    ['the same denial', denial('POLICY_DENIED', 403), denial('POLICY_DENIED', 403), undefined],
    ['denials with another status', denial('POLICY_DENIED', 403), denial('POLICY_DENIED', 404), 'status'],
    ['a 401 and a step-up', denial('UNAUTHENTICATED', 401), denial('STEP_UP_REQUIRED', 401), 'status'],
  ])('%s', (_, ours, other, kind) => expect(disagreementOf(ours, other)).toBe(kind));

  it('are shown without anything that a client or a policy wrote', () => {
    expect(permit).toEqual({ effect: 'permit', reasonCode: 'PERMIT', status: undefined, correlationId: 'c-1' });
    expect(JSON.stringify([permit, denial('POLICY_DENIED', 403)])).not.toContain('secret');
  });
});
