/** The rules of the local dashboard's page, in a real browser: it draws the run as it goes, on any screen, without a word of complaint. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Dashboard, startDashboard } from '../../local/dashboard/dashboard.ts';
import { noBrowser, startBrowser } from '../support/browser.ts';
import { restEvent } from '../support/events.ts';
import { setStage } from './stage.ts';

let browser: Browser | undefined;

interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

const open = async (url: string, width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> => {
  if (browser === undefined) throw new Error('the browser has not been started');
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => complaints.push(error.message));
  page.on('requestfailed', request => complaints.push(`failed: ${request.url()}`));
  await page.goto(url);
  await page.waitForSelector('#status[data-state="live"]');
  return { page, complaints };
};

const dashboard = async (): Promise<Dashboard> => {
  const started = await startDashboard();
  onTestFinished(started.close);
  return started;
};

/** A run of the zip: two permits, a denial and a fault. */
const run = async (line: (text: string) => void): Promise<void> => {
  const { environment } = await setStage({
    script: [{ kind: 'permit' }, { kind: 'deny' }, { kind: 'reply', status: 500 }, { kind: 'permit' }],
    env: { OTEL_SDK_DISABLED: 'true' },
    options: { onLine: line },
  });
  for (let count = 0; count < 4; count += 1) await environment.invoke(restEvent());
};

const card = (page: Page, title: string) => page.locator(`[aria-label="${title}"]`);
const numberIn = (page: Page, title: string) => card(page, title).locator('.number').textContent();
const overflow = (page: Page): Promise<number> =>
  page.locator('html').evaluate(root => root.scrollWidth - root.clientWidth);

describe.skipIf(noBrowser !== undefined)(`the page${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`, () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it('shows the numbers of a run of the zip, and draws them', async () => {
    const { url, line } = await dashboard();
    const { page, complaints } = await open(url);
    await run(line);
    await expect.poll(() => numberIn(page, 'Requests')).toBe('4');
    expect(await numberIn(page, 'Permitted')).toBe('50%');
    expect(await numberIn(page, 'Denied')).toBe('50%');
    expect(await numberIn(page, 'Failed closed')).toBe('25%');
    expect(await numberIn(page, '99 % decided within')).toMatch(/^[\d.]+ms$/);
    const legend = card(page, 'Denials by reason').locator('svg text');
    expect(await legend.allTextContents()).toEqual(expect.arrayContaining(['PDP_ERROR', 'POLICY_DENIED']));
    expect(await card(page, 'Permits and denials').locator('svg path').count()).toBeGreaterThan(3);
    expect(await page.locator('tbody tr').count()).toBe(3);
    expect(await page.locator('#status').textContent()).toBe('4 decisions');
    expect(complaints).toEqual([]);
  });

  it('says of an empty chart why it is empty', async () => {
    const { url } = await dashboard();
    const { page } = await open(url);
    expect(await page.locator('#status').textContent()).toBe('Waiting for the first decision');
    expect(await numberIn(page, 'Requests')).toBe('–');
    expect(await card(page, 'Circuit breaker').locator('.empty').innerText()).toContain('Nothing of this kind');
    expect(await card(page, 'Invocation time').locator('.empty').innerText()).toContain('in AWS only');
  });

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('fits a screen %d px wide, %s', async (width, scheme) => {
    const { url, line } = await dashboard();
    await run(line);
    const { page, complaints } = await open(url, width, scheme);
    await expect.poll(() => numberIn(page, 'Requests')).toBe('4');
    expect(await overflow(page)).toBe(0);
    const drawn = page.locator('.timeSeries[data-empty="false"] svg');
    expect(await drawn.count()).toBeGreaterThan(5);
    for (const box of await drawn.evaluateAll(all => all.map(each => each.getBoundingClientRect().toJSON()))) {
      expect(box.width).toBeGreaterThan(200);
      expect(box.right).toBeLessThanOrEqual(width);
    }
    const [page_, text] = await page
      .locator('body')
      .evaluate(body => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]);
    const light = (color = ''): number => Number(/\d+/.exec(color)?.[0]);
    expect(light(page_) > light(text)).toBe(scheme === 'light');
    expect(complaints).toEqual([]);
  });

  it('shows one function where one is chosen, and keeps it in the address', async () => {
    const { url, line } = await dashboard();
    await run(line);
    const { page } = await open(url);
    line(
      JSON.stringify({
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: 'PingOneAuthorizer',
              Dimensions: [['FunctionName']],
              Metrics: [{ Name: 'AuthorizerLatency', Unit: 'Milliseconds' }],
            },
          ],
        },
        FunctionName: 'other',
        AuthorizerLatency: 3,
      }),
    );
    await expect.poll(() => numberIn(page, 'Requests')).toBe('5');
    await page.selectOption('#function', 'other');
    await expect.poll(() => numberIn(page, 'Requests')).toBe('1');
    expect(page.url()).toBe(`${url}?function=other`);
    await page.reload();
    await expect.poll(() => numberIn(page, 'Requests')).toBe('1');
    expect(await page.locator('#function').inputValue()).toBe('other');
  });

  it('says so when the run has ended', async () => {
    const { url, close } = await startDashboard();
    const { page } = await open(url);
    await close();
    await expect.poll(() => page.locator('#status').textContent()).toBe('The run has ended');
  });
});

it('the server answers for its own files alone, and takes lines that are nothing to it', async () => {
  const { url, line } = await dashboard();
  for (const text of ['', 'oops', '{', '[]', 'null', '{"_aws":1}', '{"_aws":{"CloudWatchMetrics":[7]}}']) line(text);
  expect((await fetch(`${url}page.js`)).status).toBe(200);
  expect((await fetch(`${url}../../package.json`)).status).toBe(404);
  expect((await fetch(url)).headers.get('content-security-policy')).toContain("default-src 'none'");
});
