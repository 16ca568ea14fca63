/** An authorization server's key endpoint on loopback, whose answer a test may change and take away. */
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

export interface KeyAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers. */
  readonly stalls?: boolean;
}

export interface KeyServer {
  readonly url: string;
  /** Requests so far. */
  readonly asked: number;
  answer(answer: KeyAnswer): void;
}

export const startKeyServer = async (first: KeyAnswer): Promise<KeyServer> => {
  let answer = first;
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (answer.stalls) return;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body ?? '');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the key server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/jwks`,
    get asked() {
      return asked;
    },
    answer: next => {
      answer = next;
    },
  };
};
