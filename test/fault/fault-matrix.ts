/** The fault matrix, row by row, through the built zip on one runtime. */
import { describe, it } from 'vitest';
import { THOROUGH } from '../support/thorough.ts';
import type { NodeVersion } from './authorizer-environment.ts';
import { FAULTS } from './faults.ts';
import { playFault } from './play-fault.ts';

const CASES = FAULTS.flatMap(fault => (fault.over ?? (['http'] as const)).map(over => ({ fault, over })));

/**
 * Declares a test for each row and transport. Outside CI the runtimes take turns, case by case: a row over two transports
 * is still played on both.
 */
export const playFaults = (node: NodeVersion): void => {
  const cases = CASES.filter((_, index) => THOROUGH || index % 2 === (node === 24 ? 0 : 1));
  describe.concurrent(`on Node ${node}`, () => {
    it.each(cases)('$fault.title ($over): $fault.gets', ({ fault, over }) => playFault(fault, over, node));
  });
};
