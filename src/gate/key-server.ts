/** Asks a key server for its JSON. Over node:https, since the global fetch costs 25 ms and more of a cold start. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Key sets have a few KB. */
const LARGEST_BYTES = 262_144;
/** Said outright, so that not even NODE_TLS_REJECT_UNAUTHORIZED turns verification off. */
const TLS = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

/**
 * Gets a URL. Redirects are not followed.
 * @throws Error for any status but 200, more than 256 KiB, what is no JSON, and what the network throws.
 */
export const fetchJson = (url: string, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    // A connection of its own: minutes pass until the next fetch.
    const options = {
      signal,
      agent: false,
      headers: { accept: 'application/jwk-set+json, application/json' },
    } as const;
    const outgoing = url.startsWith('https:') ? requestHttps(url, { ...options, ...TLS }) : requestHttp(url, options);
    outgoing.once('response', incoming => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      if (incoming.statusCode !== 200) outgoing.destroy(new Error(`HTTP ${incoming.statusCode}`));
      incoming.on('data', (chunk: Uint8Array) => {
        size += chunk.byteLength;
        chunks.push(chunk);
        if (size > LARGEST_BYTES) outgoing.destroy(new Error('the key set is too large'));
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks, size).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
