/** The changes that an API Gateway authorizer cannot make: all but those of the headers that it gives to the backend. */
import type { Permit, UnappliedChange } from '../domain/decision.ts';

/**
 * The permit's unapplied changes. A removed `Accept-Encoding` is not one of them: services drop that header from the echo
 * without any policy, and it lets nobody do anything.
 * @param forwardHeaders lower-case names of the headers that reach the backend as context.
 */
export const unappliedChanges = (permit: Permit, forwardHeaders: readonly string[]): readonly UnappliedChange[] =>
  permit.changes.filter(
    ({ kind, name }) =>
      !forwardHeaders.some(forwarded => forwarded === name) &&
      !(kind === 'header-removed' && name === 'accept-encoding'),
  );
