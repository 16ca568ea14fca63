/** The list of rooms that the picture is drawn from says what src/ is. */
import { describe, expect, it } from 'vitest';
import { FLOORS, levelOf, roomOf } from '../../scripts/floors.ts';
import { SOURCES } from './source.ts';

const ROOMS = FLOORS.flatMap(({ rooms }) => rooms);

describe('a room', () => {
  it('is there for every file: one without has to find its place first', () => {
    expect(SOURCES.map(({ path }) => path).filter(path => levelOf(path) === undefined)).toEqual([]);
  });

  it.each(ROOMS.map(room => [room.name, room] as const))(
    '%s has files, or it would not be in the picture',
    (_, room) => {
      expect(SOURCES.filter(({ path }) => roomOf(path) === room)).not.toEqual([]);
    },
  );

  it.each(ROOMS.map(({ name, about }) => [name, about] as const))(
    '%s says what it is about within its box',
    (_, about) => {
      expect(about.length).toBeLessThanOrEqual(32);
    },
  );
});

describe('the floors', () => {
  it('are listed from the roof to the ground, each once', () => {
    const levels = FLOORS.map(({ level }) => level);
    expect(levels).toEqual(FLOORS.map((_, index) => FLOORS.length - index));
  });
});
