/** What `npm start -- --inspect` needs: readable code with source maps, and a port for the debugger of each function. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Row } from './console/welcome.ts';
import { isPortTaken, LOOPBACK, listenOnLoopback } from './loopback.ts';

export type Inspection = {
  /** The folder of the readable code. */
  readonly taskRoot: string;
  /** One for each function, in order. */
  readonly ports: readonly number[];
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Node's own; editors and Chrome look there first. */
const FIRST_PORT = 9229;

/** A debugger that holds a request holds its clock, too: without these every paused request would end as a timeout. */
export const PATIENCE = { AUTHORIZER_DEADLINE_MS: '900000', PINGONE_REQUEST_TIMEOUT_MS: '900000' } as const;

/** Builds the code and finds so many ports, from Node's own upwards. */
export const prepareInspection = async (functions: number): Promise<Inspection> => {
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs', '--inspect'], { cwd: ROOT });
  const ports: number[] = [];
  for (let port = FIRST_PORT; ports.length < functions; port += 1) if (await isFree(port)) ports.push(port);
  return { taskRoot: fileURLToPath(new URL('../dist/inspect', import.meta.url)), ports };
};

/** Where to attach, for the first screen. */
export const inspectorRows = ({ ports }: Inspection, names: readonly string[]): readonly Row[] =>
  ports.map((port, index) => ['Debugger', `${LOOPBACK}:${port}`, `of the function ${names[index]}`]);

export const inspectorNotes = ({ ports: [port] }: Inspection): readonly string[] => [
  `Attach a debugger to a port above: chrome://inspect in Chrome, \`node inspect ${LOOPBACK}:${port}\`, or "attach" in your editor.`,
  'The functions run readable code with source maps: set breakpoints in src/*.ts. Each keeps one process, and the deadlines are 15 minutes.',
  'A client that waits longer than ten seconds gets 500 from API Gateway; the function can still be stepped through.',
];

async function isFree(port: number): Promise<boolean> {
  try {
    const server = await listenOnLoopback(() => undefined, port);
    await server.close();
    return true;
  } catch (error) {
    if (isPortTaken(error)) return false;
    throw error;
  }
}
