/** Takes the pictures in docs/images from a real run of `npm start`: `node scripts/screenshots.ts`; with `--report` the newest bench report too. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type DemoProcess, freePort, printedRequests, READY, runDemo } from '../test/e2e/demo-process.ts';
import { freshZip } from './fresh-zip.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');
const REPORT = join(ROOT, 'bench/results/report.html');
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const QUIET_ROUNDS = 5;
/** What takes the policy service down, brings it back, or rotates the credential, which is fetched afresh every 10 s at most. */
const FAULT = /policy service|bring it back|credential/;
const COLUMNS = 128;
const TERMINAL = `
  body { margin: 0; background: #1e1e2e }
  pre { margin: 0; padding: 18px 22px; color: #cdd6f4; background: #1e1e2e; font: 13px/1.45 'DejaVu Sans Mono', monospace }
  .permit { color: #a6e3a1 } .deny { color: #f38ba8 } .name { color: #89dceb } .open { color: #f9e2af }
`;

await mkdir(IMAGES, { recursive: true });
await freshZip();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const demo = runDemo({ PORT: String(await freePort()) });
try {
  await until(() => READY.test(demo.output()));
  for (let round = 0; round < QUIET_ROUNDS; round += 1) {
    await playRequests(demo, shows => !FAULT.test(shows));
    // A point of the dashboard is five seconds.
    await setTimeout(5000);
  }
  await playRequests(demo, () => true);
  await pictureDashboard(browser, demo);
  await pictureTerminal(browser, demo);
  if (process.argv.includes('--report')) await pictureReport(browser);
} finally {
  demo.child.kill('SIGINT');
  await demo.exited;
  await browser.close();
}

/** The curl lines that the first screen proposes, one after the other, as a user pastes them. */
async function playRequests({ output }: DemoProcess, wanted: (shows: string) => boolean): Promise<void> {
  for (const { shows, curl } of printedRequests(output())) if (wanted(shows)) await run('sh', ['-c', curl]);
}

async function pictureDashboard(opened: Browser, { output }: DemoProcess): Promise<void> {
  const address = /Dashboard +(http\S+)/.exec(output())?.[1] ?? '';
  const page = await opened.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'light' });
  await page.goto(address);
  await page.waitForSelector('#status[data-state="live"]');
  // Charts are animated while they appear.
  await setTimeout(2000);
  await shoot(page, 'dashboard.png');
}

/** The first screen without its longest lines, and the last decisions. */
async function pictureTerminal(opened: Browser, { output }: DemoProcess): Promise<void> {
  const lines = output().trimEnd().split('\n');
  const requests = lines.findIndex(line => line.startsWith('  Try'));
  const decisions = lines.findIndex(line => line.startsWith('  Decisions'));
  const shown = [
    '$ npm start',
    ...lines.slice(0, requests + 8),
    '      …',
    '',
    ...lines.slice(decisions, decisions + 3),
    ...lines.slice(-17),
  ];
  const page = await opened.newPage({ viewport: { width: 1180, height: 400 } });
  await page.setContent(`<!doctype html><style>${TERMINAL}</style><pre>${shown.map(painted).join('\n')}</pre>`);
  await shoot(page, 'terminal.png', 'pre');
}

async function pictureReport(opened: Browser): Promise<void> {
  if (!existsSync(REPORT)) await run('npm', ['run', '--silent', 'bench', '--', '--quick'], { cwd: ROOT });
  const page = await opened.newPage({ viewport: { width: 1180, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(REPORT).href);
  await shoot(page, 'report.png');
}

async function shoot(page: Page, name: string, selector = 'body'): Promise<void> {
  const path = join(IMAGES, name);
  await (selector === 'body' ? page.screenshot({ path }) : page.locator(selector).screenshot({ path }));
  await page.close();
  console.log(path.slice(ROOT.length));
}

function painted(line: string): string {
  const cut = line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line;
  return cut
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\bpermit\b(?= {2})/, '<span class="permit">permit</span>')
    .replace(/\bdeny\b(?= {2})/, '<span class="deny">deny</span>')
    .replace(/(?<= {2})open\b/, '<span class="open">open</span>')
    .replace(/^( {2}[A-Z][\w ]+?)(?= {2,})/, '<span class="name">$1</span>');
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(100);
}
