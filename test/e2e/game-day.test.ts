/** The local game day of docs/game-day.md, command by command as the guide has them. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, printedRequests, READY, runDemo } from './demo-process.ts';

const run = promisify(execFile);
const GUIDE = readFileSync(new URL('../../docs/game-day.md', import.meta.url), 'utf8');
const STEPS = [
  ...GUIDE.matchAll(/^ *\d\. \*\*(?<title>.+?)\*\*(?<text>[\s\S]*?)```sh game\n(?<commands>[\s\S]*?)```/gm),
];

it('goes as the guide says', { timeout: 120_000 }, async () => {
  const port = String(await freePort());
  const demo = runDemo({ PORT: port });
  onTestFinished(async () => {
    demo.child.kill('SIGINT');
    await demo.exited;
  });
  await expect.poll(demo.output, { timeout: 60_000 }).toMatch(READY);
  const token = /Bearer ([^']+)/.exec(printedRequests(demo.output())[0]?.curl ?? '')?.[1] ?? '';
  const setUp = (/^export API=[\s\S]*?\nask\(\).*$/m.exec(GUIDE)?.[0] ?? '').replaceAll(':3000', `:${port}`);

  expect(STEPS).toHaveLength(5);
  for (const { groups = {} } of STEPS) {
    const { title = '', text = '', commands = '' } = groups;
    const { stdout } = await run('bash', ['-c', `${setUp}\n${commands}`], { env: { ...process.env, TOKEN: token } });
    const expected = /Expect (\d{3})/.exec(text)?.[1];
    const statuses = stdout.split('\n').filter(line => /^\d{3}$/.test(line));
    expect([title, statuses.length, new Set(statuses)]).toEqual([
      title,
      commands.match(/\bask\b/g)?.length,
      new Set([expected]),
    ]);
  }
  const said = demo.output();
  expect(said.match(/PDP_TIMEOUT/g)).toHaveLength(2);
  expect(said.match(/CIRCUIT_OPEN/g)).toHaveLength(3);
  expect(said).toMatch(/credential: event=refreshed changed=true[\s\S]*credential: event=refreshed changed=true/);
});
