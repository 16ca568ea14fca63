/** The bare call with a new connection each time. */
import { Agent } from 'node:https';
import { askOver } from './https-call.ts';

export const handler = askOver(new Agent({ keepAlive: false }));
