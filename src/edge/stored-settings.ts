/** Settings from a store over the baked ones: read at init and now and then, judged by the same rows, the last good ones kept. */
import { ROWS } from '../config/variables.ts';
import type { FetchSecret } from '../credential/secret-stores.ts';
import { causeOf, unavailable } from '../credential/secret-text.ts';
import { type Clock, until } from '../domain/clock.ts';
import { jsonOf, membersOf } from '../domain/json.ts';
import { steadyTime } from '../domain/steady-time.ts';
import { shownName } from '../domain/token-shape.ts';
import { type BakedSettings, EDGE_DEFAULTS, type EdgeConfig, loadEdgeConfig } from './settings.ts';
import { CHANGEABLE, isChangeable, type SettingsSource } from './settings-source.ts';
import { EDGE_ROWS } from './variables.ts';

/** What became of one reading, for the log. */
export type SettingsEvent =
  | { readonly state: 'in-force'; readonly settings: Readonly<Record<string, string>> }
  | { readonly state: 'refused'; readonly problems: readonly string[] }
  | { readonly state: 'unavailable'; readonly cause: string };

export interface StoredSettings {
  /** Undefined once the first reading is over, or has taken too long; resolves then. Never rejects. */
  readonly waiting: () => Promise<void> | undefined;
  /**
   * Starts a reading if it is time for one, and resolves once it is over, or has taken too long; undefined if it is not time.
   * Whoever starts it waits for it: Lambda freezes the environment with the answer, and would cut each reading off where
   * requests are rare. Never rejects.
   */
  readonly renew: () => Promise<void> | undefined;
}

/** How long requests wait for the first reading; the credential, which they need as well, takes no less. */
const PATIENCE_MS = 500;
/** The same for the request that starts a later one. */
const RENEWAL_PATIENCE_MS = 250;
/** How long a reading may take. */
const READING_LIMIT_MS = 5000;
/** A store that failed is asked again after this. */
const PENALTY_MS = 10_000;

/**
 * Begins to read.
 * @param fetchText reads the text: one JSON object of setting names and values.
 * @param apply is told each configuration that differs from the one in force.
 */
export const storedSettings = (
  baked: BakedSettings,
  { id, region, ttlMs }: SettingsSource,
  fetchText: FetchSecret,
  clock: Clock,
  apply: (config: EdgeConfig) => void,
  notify: (event: SettingsEvent) => void,
): StoredSettings => {
  const time = steadyTime(clock);
  let inForce = JSON.stringify({});
  let lastNotified: string | undefined;
  /** Infinity during a reading. */
  let nextAt = Number.POSITIVE_INFINITY;

  /** Once for each change, not at each reading. */
  const notifyChange = (event: SettingsEvent): void => {
    const text = JSON.stringify(event);
    if (text !== lastNotified) notify(event);
    lastNotified = text;
  };

  const take = (text: string): void => {
    const judged = judgedSettings(baked, text);
    if ('problems' in judged) {
      notifyChange({ state: 'refused', problems: judged.problems });
      return;
    }
    const next = JSON.stringify(judged.settings);
    if (next !== inForce) apply(judged.config);
    inForce = next;
    notifyChange({ state: 'in-force', settings: inForceOf({ ...baked, ...judged.settings }) });
  };

  const read = async (): Promise<void> => {
    const controller = new AbortController();
    const cancel = clock.after(READING_LIMIT_MS, () => controller.abort());
    const retryAt = time() + Math.min(ttlMs, PENALTY_MS);
    nextAt = Number.POSITIVE_INFINITY;
    try {
      take(await until(controller.signal, fetchText(id, controller.signal, region), notInTime));
      nextAt = time() + ttlMs;
    } catch (error) {
      nextAt = retryAt;
      notifyChange({ state: 'unavailable', cause: causeOf(error) });
    } finally {
      cancel();
    }
  };

  /** Reads; resolves once that is over or has taken this long. */
  const readWithin = (ms: number): Promise<void> =>
    new Promise<void>(resolve => {
      const cancel = clock.after(ms, resolve);
      read().then(() => {
        cancel();
        resolve();
      }, resolve);
    });

  let waiting: Promise<void> | undefined = readWithin(PATIENCE_MS).then(() => {
    waiting = undefined;
  });

  return {
    waiting: () => waiting,
    renew: () => (time() >= nextAt ? readWithin(RENEWAL_PATIENCE_MS) : undefined),
  };
};

const ALL_ROWS = { ...ROWS, ...EDGE_ROWS };

type Judged =
  | { readonly settings: BakedSettings; readonly config: EdgeConfig }
  | { readonly problems: readonly string[] };

/** The settings of a text with what they make of the baked ones, or everything that is wrong with them. */
function judgedSettings(baked: BakedSettings, text: string): Judged {
  const members = membersOf(jsonOf(text.trim()));
  if (members === undefined) return { problems: ['The stored settings are not one JSON object.'] };
  const settings: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (!isChangeable(name)) problems.push(`${shownName(name)} cannot be changed there: bake it.`);
    else if (typeof value === 'object') problems.push(`${name} must be text, a number, true or false.`);
    else settings[name] = String(value);
  }
  const config = loadEdgeConfig({ ...baked, ...settings });
  const all = [...problems, ...(config.config.valid ? [] : config.config.problems)];
  return all.length > 0 ? { problems: all } : { settings, config };
}

/** Every changeable setting with the text that counts. */
function inForceOf(settings: BakedSettings): Readonly<Record<string, string>> {
  const defaults: BakedSettings = EDGE_DEFAULTS;
  return Object.fromEntries(
    CHANGEABLE.map(name => [name, settings[name] || (defaults[name] ?? ALL_ROWS[name].byDefault)]),
  );
}

function notInTime(): Error {
  return unavailable('the store did not answer in time');
}
