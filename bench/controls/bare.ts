/** The physical limit: one node:https call on a connection that is kept alive. */
import { Agent } from 'node:https';
import { askOver } from './https-call.ts';

export const handler = askOver(new Agent({ keepAlive: true }));
