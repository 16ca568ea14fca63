/** Rules for the local dashboard's page in a real browser: it draws the run as it goes, on any screen, without an error. */
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
const numberIn = (page: Page, name: string) => page.locator(`[data-number="${name}"]`).textContent();
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
    await expect.poll(() => numberIn(page, 'decisions')).toBe('4');
    expect(await numberIn(page, 'permitted')).toBe('50 %');
    expect(await numberIn(page, 'denied')).toBe('25 %');
    expect(await numberIn(page, 'failedClosed')).toBe('25 %');
    expect(await numberIn(page, 'p99Ms')).toMatch(/^[\d.,]+ ms$/);
    const texts = await card(page, 'Denials by reason').locator('svg text').allTextContents();
    expect(texts).toEqual(expect.arrayContaining(['PDP_ERROR', 'POLICY_DENIED', 'now']));
    expect(texts).not.toContain('CIRCUIT_OPEN');
    expect(await page.locator('tbody tr').count()).toBe(3);
    expect(await page.locator('#status').textContent()).toBe('4 decisions since the start');
    expect(complaints).toEqual([]);
  });

  it('gives a reason the same colour in the chart and in the table', async () => {
    const { url, line } = await dashboard();
    await run(line);
    const { page } = await open(url);
    const colours = await card(page, 'Denials by reason')
      .locator('svg path')
      .evaluateAll(paths => paths.map(path => getComputedStyle(path).fill));
    const swatch = await page
      .locator('tbody tr', { hasText: 'PDP_ERROR' })
      .locator('td:nth-child(3)')
      .evaluate(cell => getComputedStyle(cell, '::before').backgroundColor);
    expect(swatch).toMatch(/^rgb\(/);
    expect(colours).toContain(swatch);
  });

  it('divides both axes evenly', async () => {
    const { url, line } = await dashboard();
    await run(line);
    const { page } = await open(url);
    const texts = await card(page, 'Decisions').locator('svg text').allTextContents();
    expect(texts.filter(text => /^\d+$/.test(text))).toEqual(['0', '1', '2', '3', '4']);
    expect(texts.filter(text => text.endsWith(' s') || text === 'now')).toEqual(['−45 s', '−30 s', '−15 s', 'now']);
  });

  it('says of an empty chart that this run has nothing to draw', async () => {
    const { url } = await dashboard();
    const { page } = await open(url);
    expect(await page.locator('#status').textContent()).toBe('Waiting for the first decision');
    expect(await numberIn(page, 'permitted')).toBe('–');
    expect(await card(page, 'Decisions').locator('.empty').innerText()).toContain('npm start');
    expect(await card(page, 'Denials by reason').locator('.empty').innerText()).toContain('No denial');
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
    await expect.poll(() => numberIn(page, 'decisions')).toBe('4');
    expect(await overflow(page)).toBe(0);
    const drawn = page.locator('[data-empty="false"] svg');
    expect(await drawn.count()).toBe(4);
    for (const box of await drawn.evaluateAll(all => all.map(each => each.getBoundingClientRect().toJSON()))) {
      expect(box.width).toBeGreaterThan(200);
      expect(box.right).toBeLessThanOrEqual(width);
    }
    for (const box of await page
      .locator('td')
      .evaluateAll(all => all.map(each => each.getBoundingClientRect().toJSON())))
      expect(box.right).toBeLessThanOrEqual(width);
    const [page_, text] = await page
      .locator('body')
      .evaluate(body => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]);
    const light = (color = ''): number => Number(/\d+/.exec(color)?.[0]);
    expect(light(page_) > light(text)).toBe(scheme === 'light');
    expect(complaints).toEqual([]);
  });

  it('shows one function if one is chosen, and keeps it in the address', async () => {
    const { url, line } = await dashboard();
    await run(line);
    const { page } = await open(url);
    line(JSON.stringify({ message: 'decision', FunctionName: 'other', reasonCode: 'PERMIT', durationMs: 3 }));
    await expect.poll(() => numberIn(page, 'decisions')).toBe('5');
    await page.selectOption('#function', 'other');
    await expect.poll(() => numberIn(page, 'decisions')).toBe('1');
    expect(page.url()).toBe(`${url}?function=other`);
    await page.reload();
    await expect.poll(() => numberIn(page, 'decisions')).toBe('1');
    expect(await page.locator('#function').inputValue()).toBe('other');
  });

  it('says so when the run has ended', async () => {
    const { url, close } = await startDashboard();
    const { page } = await open(url);
    await close();
    await expect.poll(() => page.locator('#status').textContent()).toBe('The run has ended');
  });
});

it('the server sends only its own files, and accepts lines that are no decisions', async () => {
  const { url, line } = await dashboard();
  for (const text of ['', 'oops', '{', '[]', 'null', '{"_aws":1}', '{"_aws":{"CloudWatchMetrics":[7]}}']) line(text);
  expect((await fetch(`${url}page.js`)).status).toBe(200);
  expect((await fetch(`${url}../../package.json`)).status).toBe(404);
  expect((await fetch(url)).headers.get('content-security-policy')).toContain("default-src 'none'");
});
