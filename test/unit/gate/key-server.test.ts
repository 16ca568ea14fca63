/** Rules of what is taken from a key server, over real sockets. */
import { describe, expect, it } from 'vitest';
import { fetchJson } from '../../../src/gate/key-server.ts';
import { startKeyServer } from '../../support/key-server.ts';

const signal = new AbortController().signal;

describe('a key server', () => {
  it('is believed if it answers 200 with JSON', async () => {
    const { url } = await startKeyServer({ body: '{"keys":[1]}' });
    expect(await fetchJson(url, signal)).toEqual({ keys: [1] });
  });

  it.each([
    ['another status', { status: 201, body: '{}' }],
    ['an error', { status: 500, body: '{}' }],
    ['a redirect', { status: 302, headers: { location: '/other' } }],
    ['what is no JSON', { body: '<html>' }],
    ['nothing', {}],
    ['too much', { body: `"${'x'.repeat(262_144)}"` }],
  ])('is not believed if it answers with %s', async (_, answer) => {
    const server = await startKeyServer(answer);
    await expect(fetchJson(server.url, signal)).rejects.toThrow();
    expect(server.asked).toBe(1);
  });

  it('that is not there is an error', async () => {
    await expect(fetchJson('http://127.0.0.1:1/jwks', signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is left if the signal says so', async () => {
    const { url } = await startKeyServer({ stalls: true });
    const controller = new AbortController();
    const fetching = fetchJson(url, controller.signal);
    controller.abort();
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  });
});
