/** What the clients of both secret stores have in common: they end in time, and when nobody waits for them any more. */

/** For one HTTP exchange, in ms; without `throwOnRequestTimeout` the handler would only warn. */
const REQUEST_HANDLER = {
  connectionTimeout: 1000,
  requestTimeout: 1500,
  throwOnRequestTimeout: true,
  // Said outright, so that not even NODE_TLS_REJECT_UNAUTHORIZED turns verification off.
  httpsAgent: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
} as const;

/** One repetition: the deadline of the request that waits leaves no time for more. */
export const clientSettings = (region: string | undefined) => ({
  maxAttempts: 2,
  requestHandler: REQUEST_HANDLER,
  ...(region === undefined ? {} : { region }),
});

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
