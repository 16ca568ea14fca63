/** `npm start`: packages the authorizer if need be, runs the demo, and ends all of it at a signal. */
import { parseArgs } from 'node:util';
import { freshZip } from '../scripts/fresh-zip.ts';
import { FUNCTION_NAMES } from './authorizer-functions.ts';
import { startDemo } from './demo.ts';
import { prepareInspection } from './inspector.ts';
import { readSettings } from './settings.ts';

/** What the parts have to end in order; then the process ends with whatever is left. */
const END_MS = 700;
const PARENT_CHECK_MS = 100;

const running: (() => Promise<void>)[] = [];
let ending = false;

const started = <T extends { close(): Promise<void> }>(part: T): T => {
  running.push(() => part.close());
  return part;
};

const end = (exitCode: number): void => {
  if (ending) return;
  ending = true;
  const exit = (): never => process.exit(exitCode);
  setTimeout(exit, END_MS);
  Promise.allSettled(running.map(close => close())).then(exit, exit);
};

/** A shell between npm and us may end at a signal without handing it on: then our parent is another. */
const endWithParent = (): void => {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end(0);
  }, PARENT_CHECK_MS).unref();
};

const readInspect = (): boolean => {
  try {
    return parseArgs({ options: { inspect: { type: 'boolean', default: false } } }).values.inspect;
  } catch (cause) {
    throw new Error('the only option is --inspect: npm start -- --inspect', { cause });
  }
};

// Ctrl-C reaches us twice, from the terminal and from npm: the second must not cut the end short.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
if (process.env['npm_lifecycle_event'] !== undefined) endWithParent();

try {
  const inspect = readInspect();
  const settings = readSettings(process.env);
  await freshZip();
  const inspection = inspect ? await prepareInspection(FUNCTION_NAMES.length) : undefined;
  await startDemo({ settings, inspection, started });
} catch (error) {
  if (!ending) process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
  end(1);
}
