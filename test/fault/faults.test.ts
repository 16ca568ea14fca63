/** The fault matrix, row by row, through the built zip on both runtimes. */
import { describe, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { playFault } from './play-fault.ts';

const CASES = FAULTS.flatMap(fault => (fault.over ?? (['http'] as const)).map(over => ({ fault, over })));

describe.concurrent.each([24, 22] as const)('on Node %i', node => {
  it.each(CASES)('$fault.title ($over): $fault.gets', ({ fault, over }) => playFault(fault, over, node), 30_000);
});
