/** The command line of the bench. */
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../bench/arguments.ts';

describe('the command line', () => {
  it('runs everything in full where nothing is said', () => {
    expect(readArguments([], ['warm'])).toEqual({
      mode: 'full',
      scenarios: [],
      check: false,
      compare: undefined,
      help: false,
    });
  });

  it('takes scenarios, the quick mode, the check and a former report in any order', () => {
    const args = readArguments(['--quick', 'warm', '--compare', 'old.json', '--check', 'cold'], ['warm', 'cold']);
    expect(args).toMatchObject({ mode: 'quick', scenarios: ['warm', 'cold'], check: true, compare: 'old.json' });
  });

  it('names a scenario that is not there, and those that are', () => {
    expect(() => readArguments(['hot'], ['warm', 'cold'])).toThrow('no such scenario: hot; there are warm, cold');
  });

  it('refuses a switch that it does not know', () => {
    expect(() => readArguments(['--fast'], [])).toThrow('--fast');
  });
});
