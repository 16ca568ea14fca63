/** A page of one origin calls the guarded API of another, in a real browser: it is permitted, denied and challenged, and can read why. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { noBrowser, startBrowser } from '../support/browser.ts';
import { type EdgeBedOptions, startEdgeBed } from './edge-bed.ts';
import { BEARER } from './viewer-request.ts';

let browser: Browser | undefined;

/** An application's own origin, which serves one empty page. */
const startApplication = async (): Promise<string> => {
  const server = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end('<title>App</title>'),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return `http://localhost:${port}`;
};

const opened = async (origin: string): Promise<Page> => {
  if (browser === undefined) throw new Error('the browser has not been started');
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(origin);
  return page;
};

interface Read {
  readonly status?: number;
  readonly body?: string;
  readonly challenge?: string | null;
  readonly error?: string;
}

/** What a script of the page can read of an answer to its call. */
const call = (page: Page, url: string): Promise<Read> =>
  page.evaluate(
    async ([target, authorization]) => {
      try {
        const reply = await fetch(target ?? '', {
          method: 'PUT',
          headers: { authorization: authorization ?? '', 'x-a': '1' },
        });
        return { status: reply.status, body: await reply.text(), challenge: reply.headers.get('www-authenticate') };
      } catch (error) {
        return { error: String(error) };
      }
    },
    [url, BEARER],
  );

const BODY = '{"code":"ACCESS_FAILED","message":"Not while you are at lunch"}';
const CHALLENGE = 'Bearer error="insufficient_user_authentication", acr_values="mfa"';
const DENIED = { kind: 'deny', code: '403', headers: [['Vary', 'Accept']], body: BODY } as const;
const CHALLENGED = { kind: 'deny', code: '401', headers: [['WWW-Authenticate', CHALLENGE]] } as const;

describe.skipIf(noBrowser !== undefined)(
  `in a browser${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());

    const stage = async (settings: EdgeBedOptions['settings'], pdp: EdgeBedOptions['pdp'], allowed = true) => {
      const app = await startApplication();
      const origins = allowed ? { CORS_ALLOWED_ORIGINS: app } : { CORS_ALLOWED_ORIGINS: 'https://other.example' };
      const headers = allowed
        ? ([
            ['Access-Control-Allow-Origin', app],
            ['Access-Control-Allow-Methods', 'PUT'],
            ['Access-Control-Allow-Headers', 'authorization, x-a'],
          ] as const)
        : [];
      const bed = await startEdgeBed({
        settings: { ...origins, ...settings },
        ...(pdp && { pdp }),
        originHeaders: headers,
      });
      return { ...bed, page: await opened(app) };
    };

    it.each(['answer', 'pass'])(
      'a script is permitted, denied with a reason that it can read, and challenged, with preflights that we %s',
      async PREFLIGHT => {
        const { page, url, pdp } = await stage({ PREFLIGHT }, { script: [{ kind: 'permit' }, DENIED, CHALLENGED] });
        expect(await call(page, `${url}/a`)).toMatchObject({ status: 200, body: 'from the origin' });
        expect(await call(page, `${url}/b`)).toMatchObject({ status: 403, body: BODY });
        expect(await call(page, `${url}/c`)).toMatchObject({ status: 401, challenge: CHALLENGE });
        expect(pdp.calls.map(({ body }) => Reflect.get(Object(body), 'method'))).toEqual(['PUT', 'PUT', 'PUT']);
      },
    );

    it('a script can read a fault as well', async () => {
      const { page, url } = await stage({ PREFLIGHT: 'answer' }, { otherwise: { kind: 'reply', status: 500 } });
      expect(await call(page, url)).toMatchObject({ status: 502, body: expect.stringContaining('PDP_ERROR') });
    });

    it('a script of another origin reads nothing, and its call is never made', async () => {
      const { page, url, pdp, origin } = await stage({ PREFLIGHT: 'answer' }, {}, false);
      expect(await call(page, url)).toEqual({ error: 'TypeError: Failed to fetch' });
      expect([pdp.callCount, origin]).toEqual([0, []]);
    });

    it('without help at the edge a denied preflight ends the call before PingOne hears of it', async () => {
      const { page, url, pdp } = await stage({}, { otherwise: { kind: 'deny', code: '401' } });
      expect(await call(page, url)).toEqual({ error: 'TypeError: Failed to fetch' });
      expect(pdp.calls.map(({ body }) => Reflect.get(Object(body), 'method'))).toEqual(['OPTIONS']);
    });
  },
);
