/** `npm start -- --inspect`: a debugger finds the authorizer's own TypeScript in the process that serves the request. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DemoProcess, printedRequests, READY, runDemo } from './demo-process.ts';

const run = promisify(execFile);

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
};

/** The inspector protocol over its WebSocket: commands out, events in. */
const attach = async (port: number) => {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const messages: Message[] = [];
  socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data))));
  await new Promise(opened => socket.addEventListener('open', opened));
  let id = 0;
  return {
    messages,
    events: (method: string) => messages.flatMap(each => (each.method === method ? [each.params ?? {}] : [])),
    send: async (method: string, params: object = {}): Promise<void> => {
      id += 1;
      const own = id;
      socket.send(JSON.stringify({ id, method, params }));
      await expect.poll(() => messages.some(message => message.id === own)).toBe(true);
    },
    close: () => socket.close(),
  };
};

describe('npm start -- --inspect', () => {
  let demo: DemoProcess;

  beforeAll(async () => {
    demo = runDemo({ PORT: '0' }, '--inspect');
    await vi.waitFor(() => expect(demo.output()).toMatch(READY), { timeout: 30_000 });
  }, 40_000);

  afterAll(async () => {
    demo.child.kill('SIGTERM');
    await demo.exited;
  });

  const debuggers = (): readonly number[] =>
    [...demo.output().matchAll(/Debugger +127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));

  it('prints a port for each function of API Gateway, and how to attach', () => {
    expect(new Set(debuggers()).size).toBe(3);
    expect(demo.output()).toMatch(/chrome:\/\/inspect .*node inspect 127\.0\.0\.1:\d+/);
    expect(demo.output()).toContain('set breakpoints in src/*.ts');
  });

  it('stops the request at a line of src/ in the process that serves it, and lets it go on to its permit', async () => {
    const inspector = await attach(debuggers()[0] ?? 0);
    await inspector.send('Debugger.enable');
    const scripts = (): readonly Readonly<Record<string, unknown>>[] =>
      inspector.events('Debugger.scriptParsed').filter(({ url }) => String(url).endsWith('/src/authorizer.js'));
    await expect.poll(scripts).toHaveLength(1);
    const file = fileURLToPath(String(scripts()[0]?.['url']));
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    const source = map.payload.sources.find(path => path.endsWith('/src/sideband/payload.ts')) ?? '';
    const original = resolve(dirname(file), source);
    expect(existsSync(original), original).toBe(true);

    const lineNumber = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex(line => line.startsWith('var toSideband = '));
    expect(map.findEntry(lineNumber, 4)).toMatchObject({ originalSource: source });
    await inspector.send('Debugger.setBreakpointByUrl', { lineNumber: lineNumber + 1, url: scripts()[0]?.['url'] });

    const permit = printedRequests(demo.output()).find(({ shows }) => shows.startsWith('a permit'))?.curl ?? '';
    let answer = '';
    const answered = run('sh', ['-c', permit]).then(({ stdout }) => {
      answer = stdout;
    });
    await expect.poll(() => inspector.events('Debugger.paused'), { timeout: 10_000 }).toHaveLength(1);
    expect(answer).toBe('');
    await inspector.send('Debugger.resume');
    await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    inspector.close();
  });
});
