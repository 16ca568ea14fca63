/** A process of its own that uses the library, ends when nothing keeps it alive, and does what it is told line by line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { tlsMaterials } from '../support/tls.ts';

const LIBRARY = new URL('../../src/index.ts', import.meta.url).href;
const EVENTS = new URL('../support/events.ts', import.meta.url).href;

/** `ask` asks once, `ask and watch` also says how many sockets keep the process alive meanwhile; `end` leaves the process to itself. */
const PROGRAM = `
import { createInterface } from 'node:readline';
import { createAuthorizer, loadConfig } from '${LIBRARY}';
import { restEvent } from '${EVENTS}';
const authorize = createAuthorizer(loadConfig(process.env), { writeLine: () => undefined });
const sockets = () => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap' || name === 'TLSWrap').length;
const orders = createInterface({ input: process.stdin });
for await (const order of orders) {
  if (order === 'end') break;
  const answer = authorize(restEvent());
  const timer = setInterval(() => {
    if (order !== 'ask and watch' || sockets() === 0) return;
    clearInterval(timer);
    console.log('meanwhile ' + sockets());
  }, 10);
  const { reasonCode, reason } = (await answer).context;
  console.log('gets ' + reasonCode + (reason === undefined ? '' : ': ' + reason));
  clearInterval(timer);
}
orders.close();
process.stdin.destroy();
`;

export interface LibraryProcess {
  tell(order: 'ask' | 'ask and watch' | 'end'): void;
  /** The next line that it says. */
  said(): Promise<string>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts one; it ends with the test at the latest. */
export const startLibraryProcess = (
  environment: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): LibraryProcess => {
  const child: ChildProcess = spawn(
    process.execPath,
    [...execArgv, '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', PROGRAM],
    {
      env: { ...environment, NODE_EXTRA_CA_CERTS: tlsMaterials.caFile },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the process has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    tell: order => void stdin.write(`${order}\n`),
    said: async () => {
      const { value } = await lines.next();
      return String(value);
    },
    ended: new Promise(resolve => child.once('exit', resolve)),
  };
};
