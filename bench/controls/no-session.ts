/** A new connection each time, and a full TLS handshake on each. */
import { Agent } from 'node:https';
import { askOver } from './https-call.ts';

export const handler = askOver(new Agent({ keepAlive: false, maxCachedSessions: 0 }));
