/** Where a file may look: the floors and rooms of docs/architecture.md, so that data only moves right and Deny stays the only other way out. */
import { describe, expect, it } from 'vitest';
import { SOURCES } from './source.ts';

/** The first pattern that fits. */
const FLOORS: readonly (readonly [pattern: RegExp, floor: number])[] = [
  [/^(?:aws-lambda-authorizer|index|aws-lambda-edge)\.ts$/, 7],
  [/^compose(?:-edge)?\.ts$/, 6],
  // How an event of Lambda's is served: knows telemetry and the corridor, and is known by compose alone.
  [/^serve\.ts$/, 5],
  [/^telemetry\//, 5],
  // A gateway as the corridor's port wants it: the adapter stands beside the corridor, its parts below it.
  [/^gateway\/api-gateway\.ts$/, 4],
  [/^edge\/cloudfront\.ts$/, 4],
  [/^authorizer\.ts$/, 4],
  [/^pdp\//, 3],
  [/^(?:gateway|edge|sideband|config)\//, 2],
  [/^(?:config|fail-closed)\.ts$/, 2],
  // The vocabulary, and the doors through which unknown values become it.
  [/^(?:request|decision|errors|facts|envelope|fields|token|token-shape|url)\.ts$/, 1],
];
const floorOf = (path: string): number => FLOORS.find(([pattern]) => pattern.test(path))?.[1] ?? 0;
const roomOf = (path: string): string => path.split('/').slice(0, -1).join('/');

const crossings = (from: RegExp, to: RegExp): string[] =>
  SOURCES.filter(({ path }) => from.test(path)).flatMap(({ path, imports }) =>
    imports.filter(({ file }) => file !== undefined && to.test(file)).map(({ file }) => `${path} -> ${file}`),
  );

describe('floors', () => {
  it('are known of every file: a new one has to find its place first', () => {
    expect(SOURCES.map(({ path }) => path).filter(path => floorOf(path) === 0)).toEqual([]);
  });

  it('are respected: nobody imports from above, or a part could not be understood without the whole', () => {
    const upward = SOURCES.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file !== undefined && floorOf(file) > floorOf(path))
        .map(({ file }) => `${path} -> ${file}`),
    );
    expect(upward).toEqual([]);
  });

  it('have a ground floor that imports nothing but itself', () => {
    const wide = SOURCES.filter(({ path }) => floorOf(path) === 1).flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file === undefined || floorOf(file) !== 1)
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(wide).toEqual([]);
  });

  it('have no loops, not even of types: what depends on itself cannot be read from any end', () => {
    const graph = new Map(SOURCES.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]));
    const done = new Set<string>();
    const loops: string[] = [];
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) loops.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (trail.includes(path) || done.has(path)) return;
      for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) walk(path, []);
    expect(loops).toEqual([]);
  });
});

describe('rooms', () => {
  it.each([
    ['gateway/', 'sideband/', 'what AWS says and what Ping says only meet in our own words'],
    ['sideband/', 'gateway/', 'what AWS says and what Ping says only meet in our own words'],
    ['pdp/', 'gateway/', 'reaching PingOne must not depend on who asked'],
    ['gateway/', 'pdp/', 'an event is understood without anybody being called'],
    ['sideband/', 'pdp/', 'a reply is judged without anybody being called'],
    ['pdp/', 'telemetry/', 'telemetry wraps the PDP; the PDP does not know of it'],
  ])('%s never imports %s: %s', (from, to) => {
    expect(crossings(new RegExp(`^${from}`), new RegExp(`^${to}`))).toEqual([]);
  });

  it('are wired together by compose alone: no other file knows breaker, transport and store', () => {
    const parts = /^pdp\/(?:breaker|transport|sockets|retry|fetched-credential|decision-cache)\.ts$/;
    const others = SOURCES.filter(({ path }) => !path.startsWith('compose')).flatMap(({ path, imports }) =>
      imports
        .filter(({ file, typeOnly }) => file !== undefined && !typeOnly && parts.test(file) && roomOf(path) !== 'pdp')
        .map(({ file }) => `${path} -> ${file}`),
    );
    expect(others).toEqual([]);
  });
});

describe('purity', () => {
  const pure = SOURCES.filter(({ path }) => floorOf(path) <= 2 || /^(?:gateway|edge)\//.test(path));

  it.each(pure.map(({ path, code }) => [path, code] as const))(
    '%s has no clock, no chance, no I/O: the same input gives the same answer',
    (_, code) => {
      expect(
        code.match(
          /\bDate\.now|\bnew Date\(\)|\bMath\.random|\bperformance\b|\bprocess\b|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bfetch\(|\bconsole\b|\bAbortSignal\.timeout/g,
        ),
      ).toBeNull();
    },
  );

  it('imports no builtin but what reads a certificate', () => {
    const builtins = pure.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => specifier.startsWith('node:')).map(({ specifier }) => `${path} ${specifier}`),
    );
    expect(builtins).toEqual(['sideband/payload.ts node:crypto']);
    expect(SOURCES.find(({ path }) => path === 'sideband/payload.ts')?.code).toMatch(
      /import \{ X509Certificate \} from 'node:crypto'/,
    );
  });
});
