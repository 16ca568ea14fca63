/** The plain global-fetch authorizer. */

export { decideByFetch as handler } from './fetch-decision.ts';
