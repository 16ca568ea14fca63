/** Rules of the packed command: it runs on Node 22 and 24 where it is installed, and loads of AWS only what it is asked for. */
import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, openConsumer } from '../package/consumer.ts';
import { NODES, ROOT } from '../package/workshop.ts';
import { settingsFor, startService } from './services.ts';

const run = promisify(execFile);
const MAIN = 'node_modules/pingone-lambda-authorizer/dist/cli/main.js';

const consumers: Consumer[] = [];
const installed = (): string => {
  const [consumer] = consumers;
  if (consumer === undefined) throw new Error('nothing is installed');
  return consumer.folder;
};

beforeAll(async () => {
  const consumer = await openConsumer();
  consumers.push(consumer);
  for (const name of ['decisions.yaml', 'demo-token.mjs']) {
    await copyFile(join(ROOT, 'cli/examples', name), join(consumer.folder, name));
  }
}, 180_000);
afterAll(() => Promise.all(consumers.map(({ clear }) => clear())));

describe.each(Object.entries(NODES))('the packed command on %s', (_, node) => {
  const command = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run(node, [MAIN, ...args], { cwd: installed(), env: { PATH: process.env['PATH'] ?? '', ...env } });

  it('examines a set-up, and tests its decisions', async () => {
    const { serviceUrl, credential } = await startService();
    const env = settingsFor(serviceUrl, credential);
    expect((await command(['doctor', '--url', 'https://api.example.com/dev/orders'], env)).stdout).toMatch(/ 0 fail,/);
    expect((await command(['test', 'decisions.yaml'], env)).stdout).toMatch(/\n10 passed, 0 failed\n$/);
  });

  it.each([
    [['doctor', '--function', 'authorizer'], '@aws-sdk/client-lambda'],
    [['doctor', '--rest-api', 'a'], '@aws-sdk/client-api-gateway'],
    [['doctor', '--http-api', 'a'], '@aws-sdk/client-apigatewayv2'],
  ])('%j says how to install what it needs, if that is not there', async (args, name) => {
    const { serviceUrl, credential } = await startService();
    const ended = command(args, settingsFor(serviceUrl, credential));
    await expect(ended).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`npm install ${name}`),
    });
  });
});

describe('the packed command', () => {
  it('loads no client of AWS and no OpenTelemetry before it is asked for what needs it', async () => {
    const loaded = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (specifier, context, next) => {
        if (/^@(?:aws|opentelemetry)/.test(specifier)) console.log('loaded', specifier);
        return next(specifier, context);
      } });`;
    const hooks = `data:text/javascript,${encodeURIComponent(loaded)}`;
    const { stdout } = await run(NODES['Node 24'], ['--import', hooks, MAIN, '--help'], { cwd: installed() });
    expect(stdout).toContain('doctor');
    expect(stdout).not.toContain('loaded');
  });
});
