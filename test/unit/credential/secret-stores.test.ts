/** Rules of reading the credential from AWS, with the real SDK against stores on loopback. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchFrom } from '../../../src/credential/secret-stores.ts';
import { type FakeSecretStores, startFakeSecretStores } from '../../support/fake-secret-stores.ts';
import { tlsMaterials } from '../../support/tls.ts';

const STORES = [
  ['secrets-manager', 'secretsmanager', 'pingone/gateway'],
  ['parameter-store', 'ssm', '/pingone/gateway'],
] as const;

let stores: FakeSecretStores;
beforeEach(async () => {
  stores = await startFakeSecretStores();
  for (const [name, value] of Object.entries(stores.environment)) vi.stubEnv(name, value);
});
afterEach(() => stores.close());

const wanted = (): AbortSignal => new AbortController().signal;

describe.each(STORES)('%s', (store, service, id) => {
  it('gives the text by name', async () => {
    stores.put(service, id, 'c-1');
    expect(await fetchFrom[store](id, wanted())).toBe('c-1');
    expect(stores.calls).toMatchObject([{ store: service, name: id, signed: true }]);
    stores.done();
  });

  it('is asked in its region, which is the function’s own unless another is named', async () => {
    stores.put(service, id, 'c-1');
    await fetchFrom[store](id, wanted());
    await fetchFrom[store](id, wanted(), 'eu-central-1');
    expect(stores.calls.map(({ region }) => region)).toEqual(['us-east-1', 'eu-central-1']);
  });

  it('is asked every time: whatever is cached is cached by us', async () => {
    stores.put(service, id, 'c-1');
    await fetchFrom[store](id, wanted());
    stores.put(service, id, 'c-2');
    expect(await fetchFrom[store](id, wanted())).toBe('c-2');
  });

  it('is asked a second time where it is busy', async () => {
    stores.put(service, id, 'c-1');
    stores.script({ kind: 'throttled' });
    expect(await fetchFrom[store](id, wanted())).toBe('c-1');
    stores.done();
  });

  it.each(['accessDenied', 'notFound', 'garbled'] as const)('rejects where the store answers %s', async kind => {
    stores.otherwise({ kind });
    await expect(fetchFrom[store](id, wanted())).rejects.toThrow();
  });

  it('is given up when nobody waits any more', async () => {
    stores.otherwise({ kind: 'hang' });
    const controller = new AbortController();
    const fetch = fetchFrom[store](id, controller.signal);
    const rejected = expect(fetch).rejects.toThrow();
    await expect.poll(() => stores.callCount(service)).toBe(1);
    controller.abort();
    await rejected;
  });
});

describe.each(STORES)('%s over TLS', (store, service, id) => {
  it.each(['selfSigned', 'expired', 'wrongName'] as const)(
    'is told nothing where its certificate is %s, whatever the environment says',
    async kind => {
      const impostor = await startFakeSecretStores(tlsMaterials[kind]);
      onTestFinished(() => impostor.close());
      for (const [name, value] of Object.entries(impostor.environment)) vi.stubEnv(name, value);
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
      impostor.put(service, id, 'c-1');
      await expect(fetchFrom[store](id, wanted())).rejects.toThrow(/certificate/);
      expect(impostor.calls).toEqual([]);
    },
  );
});

describe('what a store holds', () => {
  it('may be bytes, in Secrets Manager', async () => {
    stores.put('secretsmanager', 'binary', Buffer.from('c-1'));
    expect(await fetchFrom['secrets-manager']('binary', wanted())).toBe('c-1');
  });

  it('is decrypted, in Parameter Store', async () => {
    stores.put('ssm', '/p', 'c-1');
    expect(await fetchFrom['parameter-store']('/p', wanted())).toBe('c-1');
    expect(stores.calls[0]?.withDecryption).toBe(true);
  });

  it('is found by ARN', async () => {
    stores.put('secretsmanager', 'a/b', 'c-1');
    stores.put('ssm', '/a/b', 'c-2');
    expect(
      await fetchFrom['secrets-manager']('arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b-a1B2c3', wanted()),
    ).toBe('c-1');
    expect(await fetchFrom['parameter-store']('arn:aws:ssm:us-east-1:123456789012:parameter/a/b', wanted())).toBe(
      'c-2',
    );
  });
});
