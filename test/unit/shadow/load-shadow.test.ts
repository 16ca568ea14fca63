/** Rules of the shadow while it is off, being loaded, or not to be had. */
import { describe, expect, it } from 'vitest';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Authorize, Outcome } from '../../../src/corridor/port.ts';
import { noShadow, type StartedShadow, whenStarted } from '../../../src/shadow/load-shadow.ts';
import { visitOf } from '../visits.ts';

const OUTCOME: Outcome = { decision: failClosed('x'), request: undefined, unapplied: [], fault: 'x' };
const authorize: Authorize = async () => OUTCOME;

const started = (): StartedShadow & { readonly calls: string[] } => {
  const calls: string[] = [];
  return {
    calls,
    authorize: inner => visit => {
      calls.push('authorize');
      return inner(visit);
    },
    answered: () => calls.push('answered'),
    ready: Promise.resolve(),
  };
};

describe('a shadow', () => {
  it('that is off is nothing at all', () => {
    expect(noShadow.authorize(authorize)).toBe(authorize);
    expect(noShadow.answered()).toBeUndefined();
    expect(noShadow.readyWith(undefined)).toBeUndefined();
    const others = Promise.resolve();
    expect(noShadow.readyWith(others)).toBe(others);
  });

  it('is waited for by init, and by no request', async () => {
    const loading = Promise.withResolvers<StartedShadow>();
    const shadow = whenStarted(loading.promise, () => undefined);
    const authorized = shadow.authorize(authorize);
    expect(await authorized(visitOf({}))).toBe(OUTCOME);
    shadow.answered();
    const given = started();
    loading.resolve(given);
    await shadow.readyWith(Promise.resolve());
    expect(given.calls).toEqual([]);
    expect(await authorized(visitOf({}))).toBe(OUTCOME);
    shadow.answered();
    expect(given.calls).toEqual(['authorize', 'answered']);
  });

  it('that cannot be loaded is told, and stays off', async () => {
    const problems: unknown[] = [];
    const problem = new Error('no such file');
    const shadow = whenStarted(Promise.reject(problem), error => problems.push(error));
    await shadow.readyWith(undefined);
    expect(await shadow.authorize(authorize)(visitOf({}))).toBe(OUTCOME);
    expect(problems).toEqual([problem]);
  });
});
