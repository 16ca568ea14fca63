/** The floor of everything: a handler that answers without asking anybody. */
import { policyFor, type RestEvent } from './exchange.ts';

export const handler = (event: RestEvent) => Promise.resolve(policyFor(event, true));
