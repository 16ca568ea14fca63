/** What a permit asked to change and an API Gateway authorizer cannot: everything but the headers that it exports. */
import type { Permit, UnappliedChange } from '../decision.ts';

/** The changes that stay undone, given the lower-case names of the headers that reach the backend as context. */
export const unappliedChanges = (permit: Permit, forwardHeaders: readonly string[]): readonly UnappliedChange[] =>
  permit.changes.filter(({ name }) => name === undefined || !forwardHeaders.includes(name));
