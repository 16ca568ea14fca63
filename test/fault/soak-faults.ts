/** Random behaviours of PingOne under a seed, each permit with a Correlation-Id by which it can be told again. */
import type { Behaviour, HeaderLine, ReplyAnswer } from '../support/behaviours.ts';

/** Uniform in [0, 1): mulberry32, so that a seed tells the whole story again. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The perfect echo, with one `Correlation-Id` of our own. */
const echoed = (id: string, status = 200): ReplyAnswer => {
  const headers: readonly HeaderLine[] = [
    ['Content-Type', 'application/json'],
    ['Correlation-Id', id],
  ];
  return { kind: 'reply', status, headers };
};

/** A permit that must never count as one, because it does not arrive whole. */
const forged = echoed('forged');

const FAULTS: readonly Behaviour[] = [
  { kind: 'resetBeforeHead' },
  { kind: 'closeBeforeHead' },
  { kind: 'resetMidHead', answer: forged },
  { kind: 'resetMidBody', answer: forged },
  { kind: 'truncate', answer: forged },
  { kind: 'stallHead' },
  { kind: 'stallBody', answer: forged },
  { kind: 'chunked', answer: forged, unfinished: true },
  { kind: 'drip', answer: forged, bytes: 1, everyMs: 20 },
  { kind: 'slow', ms: 300, behaviour: forged },
  { kind: 'hugeBody', bytes: 4_000_000 },
  { kind: 'headerBomb', bytes: 200_000 },
  { kind: 'deepJson', depth: 50_000 },
  { kind: 'raw', bytes: 'nonsense\r\n\r\n' },
  { ...forged, body: '{"decision":"PERMIT"}' },
  ...[201, 302, 400, 401, 403, 429, 500, 502, 503, 504].map(status => echoed('forged', status)),
];

/** How much goes wrong, in turns: seldom, often, everything, nothing. */
const RATES = [0.02, 0.3, 1, 0] as const;
const TURN_REQUESTS = 150;

export interface Weather {
  /** What the next call meets. */
  readonly next: () => Behaviour;
  /** Whether this id was put on a permit that arrived whole. */
  readonly permitted: (correlationId: unknown) => boolean;
}

/** Draws behaviours from the seed. */
export const weatherFrom = (seed: number): Weather => {
  const random = randomFrom(seed);
  const ids = new Set<string>();
  let drawn = 0;
  const permit = (): Behaviour => {
    const id = `permit-${drawn}`;
    ids.add(id);
    const answer = echoed(id);
    const how = random();
    if (how < 0.05) return { kind: 'forget', answer };
    if (how < 0.1) return { kind: 'closeAfterIdle', ms: 1, answer };
    return how < 0.15 ? { kind: 'chunked', answer } : answer;
  };
  return {
    next: () => {
      drawn += 1;
      const rate = RATES[Math.floor(drawn / TURN_REQUESTS) % RATES.length] ?? 0;
      if (random() < rate) return FAULTS[Math.floor(random() * FAULTS.length)] ?? { kind: 'stallHead' };
      return random() < 0.1 ? { kind: 'deny' } : permit();
    },
    permitted: id => typeof id === 'string' && ids.has(id),
  };
};
