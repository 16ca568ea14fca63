/** The tree of a CPU profile: own time and total time, by owner. */
import { describe, expect, it } from 'vitest';
import { selfTimes, treeOf } from '../../../../bench/profile/cpu-profile.ts';
import { flamePage } from '../../../../bench/profile/flame-page.ts';

const node = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  id,
  children,
  callFrame: { functionName, url, lineNumber: id },
});

const PROFILE = {
  nodes: [
    node(1, '(root)', '', [2, 5, 6]),
    node(2, 'handler', 'bundle.js', [3, 4]),
    node(3, 'fire', 'bundle.js'),
    node(4, 'request', 'node:_http_client'),
    node(5, '(idle)', ''),
    node(6, 'poll', 'bootstrap.mjs'),
  ],
  samples: [2, 3, 3, 4, 5, 6],
  timeDeltas: [10, 20, 20, 40, 1000, 5],
};

const SOURCES: Readonly<Record<number, string>> = {
  2: 'src/corridor/authorizer.ts',
  3: '../node_modules/opossum/lib/circuit.js',
};

const root = treeOf(PROFILE, (url, line) => (url === 'bundle.js' ? SOURCES[line] : undefined));

describe('a CPU profile', () => {
  it('leaves out the time in which nothing ran', () => {
    expect(root.total).toBe(95);
  });

  it('adds what a frame calls to its total and not to its own time', () => {
    expect(root.children.get('handler · src/corridor/authorizer.ts')).toMatchObject({ self: 10, total: 90 });
  });

  it('knows whose time it is', () => {
    expect(selfTimes(root)).toEqual([
      { name: 'fire · opossum/lib/circuit.js', owner: 'packages', us: 40 },
      { name: 'request', owner: 'Node.js', us: 40 },
      { name: 'handler · src/corridor/authorizer.ts', owner: 'authorizer', us: 10 },
      { name: 'poll', owner: 'bench', us: 5 },
      { name: 'all', owner: 'engine', us: 0 },
    ]);
  });

  it('is drawn with the time of each decision', () => {
    expect(flamePage(root, 5)).toContain(
      'handler · src/corridor/authorizer.ts: 18.0 µs a decision, 2.0 µs of it itself',
    );
  });
});
