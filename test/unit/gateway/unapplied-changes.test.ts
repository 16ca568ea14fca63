/** Rules for the changes that an API Gateway authorizer cannot make. */
import { describe, expect, it } from 'vitest';
import { unappliedChanges } from '../../../src/gateway/unapplied-changes.ts';
import { permitFor } from '../permits.ts';

describe('an unapplied change', () => {
  it('is every change except of a header that the backend gets', () => {
    const changes = [
      { kind: 'query' },
      { kind: 'header-added', name: 'x-user' },
      { kind: 'header-removed', name: 'x-debug' },
      { kind: 'header-replaced', name: 'accept' },
    ] as const;
    const permit = permitFor({ headers: [], changes });
    expect(unappliedChanges(permit, [])).toEqual(changes);
    expect(unappliedChanges(permit, ['x-user', 'x-debug'])).toEqual([changes[0], changes[3]]);
  });

  it('includes an Accept-Encoding that the permit sets, but not one that the echo only lacks', () => {
    const [removed, replaced, added] = (['header-removed', 'header-replaced', 'header-added'] as const).map(kind => ({
      kind,
      name: 'accept-encoding',
    }));
    const changes = [removed, replaced, added].filter(change => change !== undefined);
    expect(unappliedChanges(permitFor({ headers: [], changes }), [])).toEqual([replaced, added]);
  });
});
