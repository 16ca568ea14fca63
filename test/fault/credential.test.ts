/** The life of the gateway credential under traffic: rotation without one wrong denial, outages, and how often a store is asked. */
import { describe, expect } from 'vitest';
import { type FakeSecretStores, startFakeSecretStores } from '../support/fake-secret-stores.ts';
import { it as itself } from './stage.ts';

const NAME = '/gateway/credential';

const it = itself.extend<{ readonly stores: FakeSecretStores }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from its destructured parameter.
  stores: async ({}, use) => {
    const stores = await startFakeSecretStores();
    stores.put('ssm', NAME, 'first');
    await use(stores);
    await stores.close();
  },
});

const variables = (stores: FakeSecretStores, ttlMs: number) => ({
  ...stores.environment,
  PINGONE_GATEWAY_CREDENTIAL: '',
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: NAME,
  PINGONE_CREDENTIAL_TTL_MS: String(ttlMs),
});

describe.concurrent('the gateway credential', () => {
  it('is rotated under traffic without one denial', async ({ setStage, stores }) => {
    const accepted = new Set(['first']);
    const stage = await setStage({
      env: variables(stores, 50),
      lambda: { maxConcurrency: 4 },
      pdp: { acceptCredentials: accepted },
    });
    let going = true;
    const got: string[] = [];
    const traffic = Array.from({ length: 4 }, async () => {
      while (going) got.push((await stage.ask()).gets);
    });
    const answered = (requests: number): Promise<void> => stage.pdp.called(stage.pdp.callCount + requests);
    await answered(40);
    // The usual order: both are valid, the store changes, the old one ends.
    accepted.add('second');
    await answered(40);
    stores.put('ssm', NAME, 'second');
    await answered(40);
    accepted.delete('first');
    await answered(80);
    going = false;
    await Promise.all(traffic);
    expect(got.length).toBeGreaterThan(150);
    expect(new Set(got)).toEqual(new Set(['PERMIT']));
  });

  it('falls back on the one before while the store is ahead, though PingOne refused that one for a moment', async ({
    setStage,
    stores,
  }) => {
    const accepted = new Set(['first']);
    const stage = await setStage({ env: variables(stores, 1), pdp: { acceptCredentials: accepted } });
    expect(await stage.asks(1)).toEqual(['PERMIT']);
    accepted.delete('first');
    expect(await stage.asks(1)).toEqual(['CREDENTIAL_REFUSED']);
    accepted.add('first');
    stores.put('ssm', NAME, 'second');
    expect(await stage.asks(5)).toEqual(Array(5).fill('PERMIT'));
    expect(stage.pdp.callCount).toBeGreaterThan(7);
  });

  it('is read once at init however many wait for it, and not again within its TTL', async ({ setStage, stores }) => {
    stores.script({ kind: 'slow', ms: 300 });
    const stage = await setStage({ env: variables(stores, 60_000), lambda: { maxConcurrency: 8 } });
    const got = await Promise.all(Array.from({ length: 24 }, async () => (await stage.ask()).gets));
    expect(got).toEqual(Array(24).fill('PERMIT'));
    expect(stores.callCount('ssm')).toBe(1);
    expect(stores.calls[0]).toMatchObject({ withDecryption: true, signed: true });
  });

  it('is read again once for all whom PingOne refuses, and then not for a while', async ({ setStage, stores }) => {
    const stage = await setStage({
      env: variables(stores, 60_000),
      lambda: { maxConcurrency: 8 },
      pdp: { acceptCredentials: new Set(['another']) },
    });
    const all = async (): Promise<readonly string[]> =>
      Promise.all(Array.from({ length: 24 }, async () => (await stage.ask()).gets));
    expect(await all()).toEqual(Array(24).fill('CREDENTIAL_REFUSED'));
    expect(await all()).toEqual(Array(24).fill('CREDENTIAL_REFUSED'));
    expect(stores.callCount('ssm')).toBe(2);
  });

  it('goes on being used through an outage, whose failures are counted and told', async ({ setStage, stores }) => {
    const stage = await setStage({ env: variables(stores, 1), pdp: { acceptCredentials: new Set(['first']) } });
    expect(await stage.asks(1)).toEqual(['PERMIT']);
    stores.otherwise({ kind: 'accessDenied' });
    expect(await stage.asks(20)).toEqual(Array(20).fill('PERMIT'));
    const told = await stage.records('credential', 2);
    expect(told.at(-1)).toMatchObject({
      level: 'WARN',
      event: 'refresh-failed',
      cause: 'AccessDeniedException',
      stale: true,
    });
    const decisions = await stage.records('decision', 21);
    expect(decisions.some(line => Number(line['CredentialRefreshFailed']) > 0)).toBe(true);
  });

  it('goes on being used where the store hangs for longer than the deadline', async ({ setStage, stores }) => {
    const env = { ...variables(stores, 1), AUTHORIZER_DEADLINE_MS: '2500' };
    const stage = await setStage({ env, pdp: { acceptCredentials: new Set(['first']) } });
    expect(await stage.asks(1)).toEqual(['PERMIT']);
    stores.otherwise({ kind: 'hang' });
    expect(await stage.asks(3)).toEqual(['PERMIT', 'PERMIT', 'PERMIT']);
  });

  it('is there as soon as the store is again, after a start without it', async ({ setStage, stores }) => {
    stores.otherwise({ kind: 'serverError' });
    const stage = await setStage({ env: variables(stores, 60_000) });
    expect(await stage.asks(2)).toEqual(Array(2).fill('CREDENTIAL_UNAVAILABLE'));
    expect(stage.pdp.callCount).toBe(0);
    stores.otherwise(undefined);
    expect(await stage.asks(2)).toEqual(['PERMIT', 'PERMIT']);
  });

  it('is fetched anew after a freeze in the middle of the fetch', async ({ setStage, stores }) => {
    stores.script({ kind: 'slow', ms: 400 });
    const stage = await setStage({ env: variables(stores, 60_000) });
    stage.environment.freeze();
    await new Promise(resolve => setTimeout(resolve, 2000));
    stage.environment.thaw();
    expect((await stage.ask()).gets).toBe('PERMIT');
  });
});
