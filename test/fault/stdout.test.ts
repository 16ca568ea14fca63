/** A log that nobody reads any more costs log lines and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { restEvent } from '../support/events.ts';
import { startFakePdp } from '../support/fake-pdp.ts';
import { handlerFile, NODES } from './authorizer-environment.ts';

/** Calls the handler for each event on stdin and answers on file 3; no runtime client, which would end at a broken stdout. */
const CALLER = `
  const { writeSync } = require('node:fs');
  const loaded = import(process.env.HANDLER_FILE);
  require('node:readline').createInterface({ input: process.stdin }).on('line', async line => {
    const { handler } = await loaded;
    const { context } = await handler(JSON.parse(line), {});
    writeSync(3, context.reasonCode + '\\n');
  });`;

describe.each([24, 22] as const)('a stdout whose reader went away, Node %i', node => {
  it('changes no answer', async () => {
    const pdp = await startFakePdp({ otherwise: { kind: 'permit' } });
    onTestFinished(() => pdp.close());
    const child = spawn(NODES[node], ['-e', CALLER], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { PINGONE_SERVICE_URL: pdp.url, PINGONE_GATEWAY_CREDENTIAL: 'x', HANDLER_FILE: await handlerFile() },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout?.destroy();
    const answered = child.stdio[3];
    if (!(answered instanceof Readable)) throw new Error('the child has no file 3');
    const answers = createInterface({ input: answered })[Symbol.asyncIterator]();
    const ask = async (): Promise<unknown> => {
      child.stdin?.write(`${JSON.stringify(restEvent())}\n`);
      return (await answers.next()).value;
    };
    expect([await ask(), await ask(), await ask()]).toEqual(['PERMIT', 'PERMIT', 'PERMIT']);
    pdp.otherwise({ kind: 'reply', status: 500 });
    const got = [];
    for (let left = 10; left > 0; left -= 1) got.push(await ask());
    expect(got.at(-1)).toBe('CIRCUIT_OPEN');
    child.stdin?.end();
    child.kill();
    await once(child, 'exit');
  });
});
