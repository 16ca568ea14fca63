/** What a permit asked to change and an API Gateway authorizer cannot: everything but the headers that it exports. */
import type { Permit, UnappliedChange } from '../domain/decision.ts';

/**
 * The changes that stay undone, given the lower-case names of the headers that reach the backend as context.
 * Without `Accept-Encoding` an echo is as it was asked: services drop it on their own, and it permits nobody anything.
 */
export const unappliedChanges = (permit: Permit, forwardHeaders: readonly string[]): readonly UnappliedChange[] =>
  permit.changes.filter(
    ({ kind, name }) =>
      name === undefined ||
      !(forwardHeaders.includes(name) || (kind === 'header-removed' && name === 'accept-encoding')),
  );
