/** What the clients of both secret stores have in common: they do what one call needs, and end with it. */
import { roleCredentials } from './role-credentials.ts';

/**
 * The settings of a client for one fetch.
 * @param region the store's; undefined for `AWS_REGION`.
 */
export const clientSettings = (region: string | undefined) => ({
  credentials: roleCredentials,
  // One repetition: the deadline of the request that waits leaves no time for more.
  maxAttempts: 2,
  retryMode: 'standard',
  requestHandler: REQUEST_HANDLER,
  streamCollector: bytesOf,
  ...(region === undefined ? {} : { region }),
});

/** For one HTTP exchange, in ms; without `throwOnRequestTimeout` the handler would only warn. */
const REQUEST_HANDLER = {
  connectionTimeout: 1000,
  requestTimeout: 1500,
  throwOnRequestTimeout: true,
  // Said outright, so that not even NODE_TLS_REJECT_UNAUTHORIZED turns verification off.
  httpsAgent: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
} as const;

interface Client {
  send(command: never): unknown;
  destroy(): void;
}

/**
 * Uses a client for one fetch: its calls follow the signal, which Powertools has no parameter for, and its sockets are
 * closed afterwards, since minutes pass until the next fetch.
 */
export const withClient = async <C extends Client, T>(
  client: C,
  signal: AbortSignal,
  use: (client: C) => Promise<T>,
): Promise<T> => {
  const { send } = client;
  Object.assign(client, {
    send: (command: unknown) => Reflect.apply(send, client, [command, { abortSignal: signal }]),
  });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
};

/** The text of a secret, which a store may also hold as bytes. */
export const secretText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  throw new TypeError('the secret holds no text');
};

/** A reply's body. The SDK's own reader would first load Node's web streams, which takes longer than the call. */
async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
