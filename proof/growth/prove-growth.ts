/** Measures how parsers grow with their input, and what stays after many requests; gives the figures and what they break. */
import { type Child, startChild } from '../../bench/bed/child.ts';
import type { Behaviour } from '../../test/support/behaviours.ts';
import { type FakePdp, startFakePdp } from '../../test/support/fake-pdp.ts';
import type { Cost, ParserGrowth } from './measure.ts';
import type { Floor } from './request-memory.ts';

export interface GrowthFigures {
  readonly parsers: readonly ParserGrowth[];
  readonly handlers: readonly HandlerFloors[];
}

/** One handler, after each of some thousands of requests. */
export interface HandlerFloors {
  readonly handler: string;
  readonly floors: readonly (Floor & { readonly connections: number })[];
}

/** Eight times the input may cost this much more; work that grows with the square would cost 64 times as much. */
export const MOST_TIME = 24;
/** The same for memory, which is measured exactly. */
export const MOST_MEMORY = 12;
/** Less than this, in bytes, is noise of the engine. */
const NOISE = 65_536;
/** What may stay of one request, in bytes: a listener, a timer or an entry with its key that is forgotten is more. */
export const MOST_PER_REQUEST = 48;
const MAX_SOCKETS = 20;

/** Requests before the first floor, and between two floors; the engine itself learns for some thousand requests. */
const REQUESTS = { quick: [3000, 2000, 2000, 2000], whole: [10_000, 10_000, 10_000, 10_000] } as const;

interface Handler {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly shadow?: boolean;
  /** What PingOne does to the first calls, again and again; then it permits. */
  readonly meets: readonly Behaviour[];
}

const HANDLERS: readonly Handler[] = [
  { name: 'as it is by default', variables: {}, meets: [] },
  {
    name: 'with gate, cache and shadow',
    variables: { TOKEN_GATE: 'expiry', DECISION_CACHE_TTL_MS: '60000', DECISION_CACHE_MAX_ENTRIES: '100' },
    shadow: true,
    meets: [],
  },
  {
    name: 'in front of a faulty PingOne',
    variables: { BREAKER_ENABLED: 'false' },
    meets: [
      { kind: 'reply', status: 503 },
      { kind: 'deny' },
      { kind: 'resetBeforeHead' },
      { kind: 'reply', status: 401 },
      { kind: 'truncate' },
      { kind: 'resetMidBody' },
    ],
  },
];

export const proveGrowth = async (how: 'quick' | 'whole'): Promise<GrowthFigures> => {
  const parsers = await inChild(child => child.ask('parsers') as Promise<readonly ParserGrowth[]>);
  const handlers: HandlerFloors[] = [];
  for (const handler of HANDLERS) handlers.push(await floorsOf(handler, REQUESTS[how]));
  return { parsers, handlers };
};

/** One sentence for each figure that grows more than it may. */
export const growthBroken = ({ parsers, handlers }: GrowthFigures): readonly string[] => [
  ...parsers.flatMap(({ parser, costs }) => [
    ...tooMuch(parser, 'CPU time', costs, ({ ms }) => ms, MOST_TIME, 0),
    ...tooMuch(parser, 'memory while it runs', costs, ({ allocated }) => allocated, MOST_MEMORY, NOISE),
    ...tooMuch(parser, 'memory of its result', costs, ({ retained }) => retained, MOST_MEMORY, NOISE),
  ]),
  ...handlers.flatMap(({ handler, floors }) => {
    const perRequest = leastGrowth(floors);
    return [
      ...(perRequest > MOST_PER_REQUEST
        ? [`handler ${handler}: ${perRequest.toFixed(0)} bytes stay of each request`]
        : []),
      ...floors
        .filter(({ timers, connections }) => timers > 0 || connections > 2 * MAX_SOCKETS)
        .map(
          ({ timers, connections }) => `handler ${handler}: ${timers} timers and ${connections} connections are left`,
        ),
    ];
  }),
];

/** How many times as much the largest input costs as the smallest, which is an eighth of it. */
export const factorOf = (costs: readonly Cost[], of: (cost: Cost) => number, noise = 0): number => {
  const [least, most] = [costs[0], costs.at(-1)];
  if (least === undefined || most === undefined) return Number.NaN;
  return of(most) / Math.max(of(least), noise, Number.MIN_VALUE);
};

/** Bytes that stay of each request, between the two floors that differ least: a leak shows between all of them. */
export const leastGrowth = (floors: readonly Pick<Floor, 'requests' | 'held'>[]): number =>
  Math.min(
    ...floors.slice(1).map(({ requests, held }, index) => {
      const before = floors[index] ?? { requests: 0, held: 0 };
      return (held - before.held) / (requests - before.requests);
    }),
  );

function tooMuch(
  parser: string,
  what: string,
  costs: readonly Cost[],
  of: (cost: Cost) => number,
  most: number,
  noise: number,
): readonly string[] {
  const factor = factorOf(costs, of, noise);
  return factor <= most ? [] : [`${parser}: eight times the input costs ${factor.toFixed(1)} times the ${what}`];
}

function floorsOf(
  { name, variables, shadow = false, meets }: Handler,
  requests: readonly number[],
): Promise<HandlerFloors> {
  return inChild(async child => {
    const pdp = await startFakePdp({ otherwise: { kind: 'permit' }, rememberCalls: false });
    const asked = {
      PINGONE_SERVICE_URL: pdp.url,
      PINGONE_GATEWAY_CREDENTIAL: 'credential',
      PINGONE_MAX_SOCKETS: String(MAX_SOCKETS),
      ...(shadow ? { SHADOW_SERVICE_URL: pdp.url, SHADOW_GATEWAY_CREDENTIAL: 'shadow-credential' } : {}),
      ...variables,
    };
    const floors: (Floor & { connections: number })[] = [];
    try {
      for (const count of requests) floors.push(await floorAfter(child, pdp, asked, count, meets));
    } finally {
      await pdp.close();
    }
    return { handler: name, floors };
  });
}

async function floorAfter(
  child: Child,
  pdp: FakePdp,
  variables: Readonly<Record<string, string>>,
  requests: number,
  meets: readonly Behaviour[],
): Promise<Floor & { readonly connections: number }> {
  // Every request makes one call at least, so that none of this is left for the next ones.
  for (let call = 0; call < requests / 2 && meets.length > 0; call += meets.length) pdp.script(...meets);
  const floor = (await child.ask('requests', { variables, requests })) as Floor;
  return { ...floor, connections: pdp.connections.open };
}

async function inChild<T>(measure: (child: Child) => Promise<T>): Promise<T> {
  // Compiled code that is thrown away and made anew would look like memory that comes and goes.
  const child = startChild(new URL('./growth-process.ts', import.meta.url), ['--expose-gc', '--no-flush-bytecode']);
  try {
    return await measure(child);
  } finally {
    await child.end();
  }
}
