/** One POST over node:https with nothing around it: no deadline, no parsing, no log. */
import { type Agent, request } from 'node:https';
import { bodyOf, ENDPOINT, HEADERS, policyFor, type RestEvent } from './exchange.ts';

/** Sends the sideband request of an event and reads the whole reply. */
export const askOver =
  (agent: Agent) =>
  (event: RestEvent): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const body = bodyOf(event);
      const headers = { ...HEADERS, 'content-length': Buffer.byteLength(body) };
      const outgoing = request(ENDPOINT, { agent, method: 'POST', headers }, response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const reply = Buffer.concat(chunks);
          resolve(policyFor(event, response.statusCode === 200 && reply.length > 0));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
