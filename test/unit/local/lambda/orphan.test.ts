/** The rule that no execution environment outlives the process that started it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { taskRootWith } from './stand-in.ts';

const MODULE = new URL('../../../../local/lambda/environment.ts', import.meta.url).href;

/** Running, sleeping or stopped; a zombie waits for nothing but its parent. */
const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Starts an environment in a process of its own, which then ends as the script says; returns the environment's pid. */
const orphaned = async (ending: string): Promise<number> => {
  const taskRoot = await taskRootWith({ 'index.js': 'exports.handler = async () => 1;' });
  const options = JSON.stringify({ taskRoot, handler: 'index.handler', env: {} });
  const script = `const { startEnvironment } = await import(${JSON.stringify(MODULE)});
    const environment = await startEnvironment(${options});
    process.stdout.write(environment.pid + '\\n', () => { ${ending} });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  parent.stdout.on('data', chunk => {
    output += String(chunk);
  });
  await new Promise(resolve => parent.once('close', resolve));
  return Number(output);
};

describe('an environment', () => {
  it.each([
    ['exits', 'process.exit(0)'],
    ['exits while the environment is frozen', 'environment.freeze(); process.exit(0)'],
    ['is killed', 'process.kill(process.pid, "SIGKILL")'],
  ])('ends when the process that started it %s', async (_title, ending) => {
    const pid = await orphaned(ending);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
  });
});
