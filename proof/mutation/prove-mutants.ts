/** Mutates every room, and holds the survivors against the lists of those that no test can tell. */
import { existsSync, readFileSync } from 'node:fs';
import type { Thoroughness } from '../stage.ts';
import { type Mutated, mutate, type Survivor } from './mutate.ts';
import { ROOMS, type Room } from './rooms.ts';

/** A survivor as `survivors/ROOM.json` lists it. */
export interface Listed extends Omit<Survivor, 'line'> {
  /** Why no test can or should tell it from the code. */
  readonly reason: string;
}

export interface MutantFigures {
  readonly rooms: readonly (Omit<Mutated, 'survivors'> & { readonly room: Room })[];
  readonly broken: readonly string[];
}

/** The share of all mutants that must be killed. */
export const MIN_SCORE = 0.95;

/** Where a permit is made and where faults become denials: what is mutated if there is little time. */
const QUICK: Partial<Record<Room, readonly string[]>> = {
  sideband: ['src/sideband/binding.ts'],
  corridor: ['src/corridor/*.ts'],
};

export const scoreOf = ({ mutants, killed }: Pick<Mutated, 'mutants' | 'killed'>): number =>
  mutants === 0 ? 1 : killed / mutants;

export const proveMutants = async (how: Thoroughness): Promise<MutantFigures> => {
  const rooms: (Mutated & { readonly room: Room })[] = [];
  for (const room of ROOMS) {
    if (how === 'whole') rooms.push({ room, ...(await mutate(room, [`src/${room}/**/*.ts`], memoryOf(room))) });
    else if (QUICK[room] !== undefined) rooms.push({ room, ...(await mutate(room, QUICK[room])) });
  }
  return {
    rooms,
    broken: [...rooms.flatMap(mutated => brokenIn(mutated, listedIn(mutated.room), how)), ...lowScore(sumOf(rooms))],
  };
};

/** The figures of all rooms together. */
export const sumOf = (rooms: readonly Pick<Mutated, 'mutants' | 'killed'>[]): Pick<Mutated, 'mutants' | 'killed'> => ({
  mutants: rooms.reduce((sum, { mutants }) => sum + mutants, 0),
  killed: rooms.reduce((sum, { killed }) => sum + killed, 0),
});

export const lowScore = (counts: Pick<Mutated, 'mutants' | 'killed'>): readonly string[] =>
  scoreOf(counts) < MIN_SCORE ? [`fewer than ${MIN_SCORE * 100} % of all mutants are killed`] : [];

/** One sentence for each survivor that is not listed, and for each listed mutant that a test kills. */
export const brokenIn = (
  { room, survivors }: Mutated & { readonly room: Room },
  listed: readonly Listed[],
  how: Thoroughness,
): readonly string[] => {
  const known = new Set(listed.map(nameOf));
  const alive = new Set(survivors.map(nameOf));
  return [
    ...survivors
      .filter(survivor => !known.has(nameOf(survivor)))
      .map(survivor => `${survivor.file}:${survivor.line} survives: ${survivor.code}  =>  ${survivor.becomes}`),
    ...(how === 'quick' ? [] : listed)
      .filter(mutant => !alive.has(nameOf(mutant)))
      .map(mutant => `survivors/${room}.json lists a mutant that is killed or gone: ${nameOf(mutant)}`),
  ];
};

function nameOf({ file, code, becomes }: Omit<Survivor, 'line'>): string {
  return `${file}  ${code}  =>  ${becomes}`;
}

/** `npm ci` deletes it. */
function memoryOf(room: Room): string {
  return `node_modules/.cache/mutants-${room}.json`;
}

/** The list of a room; none has nothing to list. */
function listedIn(room: Room): readonly Listed[] {
  const file = new URL(`./survivors/${room}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Listed[]) : [];
}
