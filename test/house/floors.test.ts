/** The imports that a file may have: only down, as in the picture in docs/architecture.md. */
import { describe, expect, it } from 'vitest';
import { levelOf, roomOf } from '../../scripts/floors.ts';
import { FOLDERS, loopsIn, SOURCES } from './source.ts';

/** The imports between our own files that fit, as `from -> to`. */
const arrows = (fits: (from: string, to: string) => boolean): string[] =>
  SOURCES.flatMap(({ path, imports }) =>
    imports.flatMap(({ file }) => (file !== undefined && fits(path, file) ? [`${path} -> ${file}`] : [])),
  );

const crossings = (from: RegExp, to: RegExp): string[] => arrows((path, file) => from.test(path) && to.test(file));

const floorOf = (path: string): number => levelOf(path) ?? 0;
const nameOf = (path: string): string | undefined => roomOf(path)?.name;

describe('floors', () => {
  it('are known for every file, so that a new file needs a place first', () => {
    expect(SOURCES.map(({ path }) => path).filter(path => roomOf(path) === undefined)).toEqual([]);
  });

  it('have arrows that point down only, so that a room can be understood without those above it', () => {
    expect(arrows((from, to) => floorOf(to) > floorOf(from))).toEqual([]);
  });

  it('hold rooms that do not import each other', () => {
    expect(arrows((from, to) => floorOf(to) === floorOf(from) && nameOf(to) !== nameOf(from))).toEqual([]);
  });

  it('stand on a ground floor that imports only itself', () => {
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
    'do not exist in %s/, not even of types, because a loop can only be understood as a whole',
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

  it('are wired together only in compose: no other file imports breaker, transport and store', () => {
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
    '%s has no clock, no randomness and no I/O, so that the same input gives the same answer',
    (_, code) => {
      expect(
        code.match(
          /\bDate\.now|\bnew Date\(\)|\bMath\.random|\bperformance\b|\bprocess\b|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bfetch\(|\bconsole\b|\bAbortSignal\.timeout/g,
        ),
      ).toBeNull();
    },
  );

  it('imports only the builtin that reads a certificate', () => {
    const builtins = pure.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => specifier.startsWith('node:')).map(({ specifier }) => `${path} ${specifier}`),
    );
    expect(builtins).toEqual(['sideband/payload.ts node:crypto']);
    expect(SOURCES.find(({ path }) => path === 'sideband/payload.ts')?.code).toMatch(
      /import \{ X509Certificate \} from 'node:crypto'/,
    );
  });
});
