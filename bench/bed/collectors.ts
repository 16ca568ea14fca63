/** Trace collectors at different distances: each takes OTLP/JSON, and answers at once, later, or never. */
import { listenOnLoopback, readBody } from '../../local/loopback.ts';

/** ms until a collector answers; the peer has one of its own, so that spans can be counted. */
const DISTANCES = { near: 0, ms20: 20, ms200: 200, hangs: Number.POSITIVE_INFINITY, peer20: 20 } as const;

export type Distance = keyof typeof DISTANCES;

export interface Taken {
  readonly requests: number;
  readonly bytes: number;
  /** Decisions whose first span has come. */
  readonly decisions: number;
}

export interface Collectors {
  readonly origins: Readonly<Record<Distance, string>>;
  readonly taken: () => Readonly<Record<Distance, Taken>>;
  readonly close: () => Promise<void>;
}

/** Starts one for each distance. */
export const startCollectors = async (): Promise<Collectors> => {
  const [near, ms20, ms200, hangs, peer20] = await Promise.all([
    startCollector(DISTANCES.near),
    startCollector(DISTANCES.ms20),
    startCollector(DISTANCES.ms200),
    startCollector(DISTANCES.hangs),
    startCollector(DISTANCES.peer20),
  ]);
  const each = <T>(of: (collector: typeof near) => T): Readonly<Record<Distance, T>> => ({
    near: of(near),
    ms20: of(ms20),
    ms200: of(ms200),
    hangs: of(hangs),
    peer20: of(peer20),
  });
  return {
    origins: each(({ origin }) => origin),
    taken: () => each(({ taken }) => taken()),
    close: async () => void (await Promise.all(Object.values(each(({ close }) => close())))),
  };
};

async function startCollector(answerAfterMs: number) {
  const taken = { requests: 0, bytes: 0, decisions: 0 };
  const { origin, close } = await listenOnLoopback(async (request, response) => {
    const body = await readBody(request);
    taken.requests += 1;
    taken.bytes += body?.length ?? 0;
    taken.decisions += firstSpansIn(body?.toString() ?? '');
    const answer = (): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{}');
    };
    if (answerAfterMs === 0) answer();
    else if (Number.isFinite(answerAfterMs)) setTimeout(answer, answerAfterMs);
  });
  return { origin, taken: () => ({ ...taken }), close };
}

/** A decision's first span is its only one of kind SERVER, which OTLP writes as 2. */
function firstSpansIn(otlp: string): number {
  return otlp.match(/"kind":2\b/g)?.length ?? 0;
}
