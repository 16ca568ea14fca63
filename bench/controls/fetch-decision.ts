/** What a careful user writes in an afternoon: global fetch, a time limit, a check of the reply, one log line. */
import { bodyOf, ENDPOINT, HEADERS, policyFor, type RestEvent } from './exchange.ts';

export const decideByFetch = async (event: RestEvent) => {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: HEADERS,
    body: bodyOf(event),
    signal: AbortSignal.timeout(5000),
  });
  const permitted = isPermit(response.status, await response.json());
  console.log(JSON.stringify({ message: 'decision', permitted, status: response.status }));
  return policyFor(event, permitted);
};

function isPermit(status: number, reply: unknown): boolean {
  return status === 200 && typeof reply === 'object' && reply !== null && 'url' in reply && !('response' in reply);
}
