/** The list of rooms, from which the picture is drawn, matches src/. */
import { describe, expect, it } from 'vitest';
import { FLOORS, levelOf, roomOf } from '../../scripts/floors.ts';
import { SOURCES } from './source.ts';

const ROOMS = FLOORS.flatMap(({ rooms }) => rooms);

describe('a room', () => {
  it('exists for every file, so that a new file needs a place first', () => {
    expect(SOURCES.map(({ path }) => path).filter(path => levelOf(path) === undefined)).toEqual([]);
  });

  it.each(ROOMS.map(room => [room.name, room] as const))('%s has files', (_, room) => {
    expect(SOURCES.filter(({ path }) => roomOf(path) === room)).not.toEqual([]);
  });

  it.each(ROOMS.map(({ name, about }) => [name, about] as const))(
    '%s has a description that fits its box',
    (_, about) => {
      expect(about.length).toBeLessThanOrEqual(32);
    },
  );
});

describe('the floors', () => {
  it('are listed from top to bottom, each once', () => {
    const levels = FLOORS.map(({ level }) => level);
    expect(levels).toEqual(FLOORS.map((_, index) => FLOORS.length - index));
  });
});
