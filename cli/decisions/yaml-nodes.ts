/** YAML read node by node, so that each problem is told with its line and column. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { suggestion } from '../nearest.ts';

/** A member of a map: its key and what it holds. */
export interface Member {
  readonly key: Scalar;
  readonly name: string;
  readonly node: Node | undefined;
}

export interface YamlReader {
  readonly root: Node | undefined;
  /** `file:line:column: what`, one for each problem. */
  readonly problems: readonly string[];
  report(node: Node | undefined, what: string): void;
  lineOf(node: Node): number;
  /** The map's members; reports what is no map, and keys that are not known. */
  members(node: Node | undefined, what: string, known: readonly string[] | undefined): readonly Member[];
  items(node: Node | undefined, what: string): readonly Node[];
  /** A text that is not empty; reports anything else. */
  text(node: Node | undefined, what: string): string | undefined;
}

/** @param file its name, for the problems. */
export const readYaml = (text: string, file: string): YamlReader => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ pos, message }) => `${placeOf(pos[0])}: ${message}`);

  return { root: document.contents ?? undefined, problems, report, lineOf, members, items, text: textOf };

  function placeOf(offset: number): string {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  }

  function report(node: Node | undefined, what: string): void {
    problems.push(`${placeOf(node?.range?.[0] ?? 0)}: ${what}`);
  }

  function lineOf(node: Node): number {
    return lines.linePos(node.range?.[0] ?? 0).line;
  }

  /** What an alias stands for. */
  function resolved(node: unknown): Node | undefined {
    if (typeof node !== 'object' || node === null) return undefined;
    if ('source' in node && 'resolve' in node && typeof node.resolve === 'function') {
      const found: unknown = Reflect.apply(node.resolve, node, [document]);
      return resolved(found);
    }
    return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }

  function members(node: Node | undefined, what: string, known: readonly string[] | undefined): readonly Member[] {
    const map = resolved(node);
    if (!isMap(map)) {
      report(node, `${what} must be a map of names and values.`);
      return [];
    }
    return pairsOf(map).filter(({ key, name }) => {
      if (known === undefined || known.includes(name)) return true;
      report(key, `unknown key "${name}" in ${what}. ${suggestion(name, known)}`);
      return false;
    });
  }

  function pairsOf(map: YAMLMap): readonly Member[] {
    return map.items.flatMap(({ key, value }) =>
      isScalar(key) ? [{ key, name: String(key.value), node: resolved(value) }] : [],
    );
  }

  function items(node: Node | undefined, what: string): readonly Node[] {
    const list = resolved(node);
    if (!isSeq(list)) {
      report(node, `${what} must be a list.`);
      return [];
    }
    return list.items.flatMap(item => resolved(item) ?? []);
  }

  function textOf(node: Node | undefined, what: string): string | undefined {
    const scalar = resolved(node);
    const value: unknown = isScalar(scalar) ? scalar.value : undefined;
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    report(node, `${what} must be a text.`);
    return undefined;
  }
};
