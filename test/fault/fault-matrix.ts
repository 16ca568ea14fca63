/** The fault matrix, row by row, through the built zip on one runtime. */
import { describe, it } from 'vitest';
import type { NodeVersion } from './authorizer-environment.ts';
import { FAULTS } from './faults.ts';
import { playFault } from './play-fault.ts';

const CASES = FAULTS.flatMap(fault => (fault.over ?? (['http'] as const)).map(over => ({ fault, over })));

/** Declares a test for each row and transport. */
export const playFaults = (node: NodeVersion): void => {
  describe.concurrent(`on Node ${node}`, () => {
    it.each(CASES)('$fault.title ($over): $fault.gets', ({ fault, over }) => playFault(fault, over, node));
  });
};
