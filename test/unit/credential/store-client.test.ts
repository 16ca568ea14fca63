/** Rules that the clients of both stores share. */
import { describe, expect, it } from 'vitest';
import { secretText, withClient } from '../../../src/credential/store-client.ts';

describe('a client', () => {
  it('is destroyed after one fetch, and its calls follow the signal', async () => {
    const seen: unknown[] = [];
    let destroyed = 0;
    const client = {
      send: (...args: unknown[]): unknown => seen.push(...args),
      destroy: () => {
        destroyed += 1;
      },
    };
    const { signal } = new AbortController();
    const call = (used: object): unknown => Reflect.apply(Reflect.get(used, 'send'), used, ['command']);
    await withClient(client, signal, async used => call(used));
    expect(seen).toEqual(['command', { abortSignal: signal }]);
    await expect(withClient(client, signal, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(destroyed).toBe(2);
  });
});

describe('a secret', () => {
  it('is text or bytes, and nothing else', () => {
    expect([secretText('a'), secretText(Buffer.from('é'))]).toEqual(['a', 'é']);
    for (const value of [undefined, null, 1, {}, [97]]) {
      expect(() => secretText(value)).toThrow(new TypeError('the secret holds no text'));
    }
  });
});
