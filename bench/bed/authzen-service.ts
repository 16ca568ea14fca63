/** An AuthZEN policy service over TLS that permits everything, as far away as it is told to be. */
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TlsMaterial } from '../../test/support/tls.ts';

export interface AuthzenService {
  readonly url: string;
  /** ms until it answers, from now on. */
  readonly answerAfter: (ms: number) => void;
}

/** Starts it on a free port; it ends with the process. */
export const startAuthzenService = async ({ keyPem, certPem }: TlsMaterial): Promise<AuthzenService> => {
  let distanceMs = 0;
  const server = createServer({ key: keyPem, cert: certPem }, async (request, response) => {
    await text(request);
    const answer = (): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"decision":true}');
    };
    if (distanceMs === 0) answer();
    else setTimeout(answer, distanceMs);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the AuthZEN service has no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    answerAfter: ms => {
      distanceMs = ms;
    },
  };
};
