/** Where a file may look: data only moves right and Deny stays the only other way out (docs/architecture.md has the picture). */
import { describe, expect, it } from 'vitest';
import { levelOf, roomOf } from '../../scripts/floors.ts';
import { FOLDERS, loopsIn, SOURCES } from './source.ts';

/** Every import of one of our own files, as `from -> to`, that fits. */
const arrows = (fits: (from: string, to: string) => boolean): string[] =>
  SOURCES.flatMap(({ path, imports }) =>
    imports.flatMap(({ file }) => (file !== undefined && fits(path, file) ? [`${path} -> ${file}`] : [])),
  );

const crossings = (from: RegExp, to: RegExp): string[] => arrows((path, file) => from.test(path) && to.test(file));

const floorOf = (path: string): number => levelOf(path) ?? 0;
const nameOf = (path: string): string | undefined => roomOf(path)?.name;

describe('floors', () => {
  it('are known of every file: a new one has to find its place first', () => {
    expect(SOURCES.map(({ path }) => path).filter(path => roomOf(path) === undefined)).toEqual([]);
  });

  it('have arrows that point down only: no part needs to be understood with the whole', () => {
    expect(arrows((from, to) => floorOf(to) > floorOf(from))).toEqual([]);
  });

  it('hold rooms that do not know each other: only compose looks into all of them', () => {
    expect(arrows((from, to) => floorOf(to) === floorOf(from) && nameOf(to) !== nameOf(from))).toEqual([]);
  });

  it('stand on a ground floor that imports nothing but itself', () => {
    const wide = SOURCES.filter(({ path }) => floorOf(path) === 1).flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file === undefined || floorOf(file) !== 1)
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(wide).toEqual([]);
  });
});

describe('loops', () => {
  it.each(FOLDERS)(
    'are nowhere in %s/, not even of types: what depends on itself cannot be read from any end',
    folder => {
      expect(loopsIn(folder)).toEqual([]);
    },
  );
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
    const parts = /^(?:pdp\/(?:breaker|transport|sockets|retry|decision-cache)|credential\/fetched-credential)\.ts$/;
    const others = SOURCES.filter(({ path }) => !path.startsWith('compose')).flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ file, typeOnly }) => file !== undefined && !typeOnly && parts.test(file) && nameOf(path) !== nameOf(file),
        )
        .map(({ file }) => `${path} -> ${file}`),
    );
    expect(others).toEqual([]);
  });
});

describe('purity', () => {
  const pure = SOURCES.filter(
    ({ path }) => (floorOf(path) <= 3 && path !== 'domain/clock.ts') || /^(?:gateway|edge)\//.test(path),
  );

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
