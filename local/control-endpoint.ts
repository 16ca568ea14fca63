/** POST /control on the REST API's port: commands to the embedded policy service; GET /control/settings: how to reach it. No part of the API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DecisionSource } from './decision-source.ts';
import { readBody } from './loopback.ts';

export const CONTROL_PATH = '/control';
export const SETTINGS_PATH = `${CONTROL_PATH}/settings`;
const MAX_COMMAND_BYTES = 200;

const write = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};

/** Lines NAME=value, as a file of settings has them. */
const writeSettings = (response: ServerResponse, source: DecisionSource): void => {
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end(
    Object.entries(source.settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
};

export const controlEndpoint =
  (source: DecisionSource, onCommand: (done: string) => void) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url !== CONTROL_PATH && request.url !== SETTINGS_PATH) return false;
    const run = async (): Promise<void> => {
      const body = await readBody(request, MAX_COMMAND_BYTES);
      // A page in a browser may reach loopback; it has no business here.
      if (request.headers.origin !== undefined) write(response, 403, { error: 'not for browsers' });
      else if (request.url === SETTINGS_PATH) writeSettings(response, source);
      else if (request.method === 'GET') write(response, 200, source.state());
      else if (request.method !== 'POST') write(response, 405, { error: 'send POST with a command, or GET' });
      else {
        const done = await source.control(body?.toString() ?? '');
        onCommand(done);
        write(response, 200, { done });
      }
    };
    run().catch((error: unknown) => write(response, 400, { error: error instanceof Error ? error.message : 'failed' }));
    return true;
  };
