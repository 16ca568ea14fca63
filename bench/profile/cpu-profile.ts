/** A V8 CPU profile as a tree of time, each frame under the part of the system that it belongs to. */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export type Owner = 'authorizer' | 'packages' | 'Node.js' | 'bench' | 'engine';

export interface Frame {
  readonly name: string;
  readonly owner: Owner;
  /** µs in the frame itself, and in all that it called. */
  self: number;
  total: number;
  readonly children: Map<string, Frame>;
}

/** Which source a bundle's line came from; undefined outside the bundle. */
export type SourceOf = (url: string, line: number) => string | undefined;

/** The tree; time in which nothing ran is left out. */
export const treeOf = (profile: CpuProfile, sourceOf: SourceOf): Frame => {
  const selfTime = new Map<number, number>();
  for (const [index, id] of profile.samples.entries()) {
    selfTime.set(id, (selfTime.get(id) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0));
  }
  const byId = new Map(profile.nodes.map(node => [node.id, node]));
  const add = (node: ProfileNode, into: Frame): number => {
    const { functionName, url, lineNumber } = node.callFrame;
    if (functionName === '(idle)' || functionName === '(program)') return 0;
    const source = sourceOf(url, lineNumber);
    const label = `${functionName || '(anonymous)'}${source === undefined ? '' : ` · ${shortSource(source)}`}`;
    const child = into.children.get(label) ?? frame(label, ownerOf(url, source));
    into.children.set(label, child);
    const self = selfTime.get(node.id) ?? 0;
    let total = self;
    for (const id of node.children ?? []) {
      const called = byId.get(id);
      if (called !== undefined) total += add(called, child);
    }
    child.self += self;
    child.total += total;
    return total;
  };
  const root = frame('all', 'engine');
  const [top] = profile.nodes;
  for (const id of top?.children ?? []) {
    const node = byId.get(id);
    if (node !== undefined) root.total += add(node, root);
  }
  return root;
};

/** Every frame's own time, summed over the tree by name, the largest first. */
export const selfTimes = (
  root: Frame,
): readonly { readonly name: string; readonly owner: Owner; readonly us: number }[] => {
  const sums = new Map<string, { name: string; owner: Owner; us: number }>();
  const visit = ({ name, owner, self, children }: Frame): void => {
    const sum = sums.get(name) ?? { name, owner, us: 0 };
    sum.us += self;
    sums.set(name, sum);
    for (const child of children.values()) visit(child);
  };
  visit(root);
  return [...sums.values()].sort((a, b) => b.us - a.us);
};

function frame(name: string, owner: Owner): Frame {
  return { name, owner, self: 0, total: 0, children: new Map() };
}

function shortSource(source: string): string {
  return source.replace(/^.*node_modules\//, '').replace(/^(\.\.\/)*/, '');
}

function ownerOf(url: string, source: string | undefined): Owner {
  if (source !== undefined) return source.includes('node_modules/') ? 'packages' : 'authorizer';
  if (url.startsWith('node:')) return 'Node.js';
  return url === '' ? 'engine' : 'bench';
}
