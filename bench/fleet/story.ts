/** The stories that fleets live through: load, health and limits over time, with every assumption a number here. */
import type { Service, ServiceSettings } from './service.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What changes at a moment. */
export interface World {
  readonly service: Service;
  /** Makes the secret store give this credential from now on. */
  readonly store: (credential: string) => void;
}

export interface Story {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  /** Requests a second that callers begin, before their repetitions. */
  readonly arrivals: (second: number) => number;
  /** The share of them that carries a junk token; none unless given. */
  readonly junk?: (second: number) => number;
  readonly service: ServiceSettings;
  readonly events: readonly { readonly at: number; readonly happens: (world: World) => void }[];
  /** When the service is well again, in seconds. */
  readonly back: number;
  readonly spans: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

export const ASSUMPTIONS = {
  maxEnvironments: 10_000,
  /** NAT gateways, one a zone. */
  addresses: 3,
  initMs: 250,
  callerRepeats: 2,
  callerPauseMs: 1000,
  storeMs: 30,
  /** What Lambda and API Gateway take for an invocation, however soon the function answers. */
  invocationMs: 2,
} as const;

const SERVICE: ServiceSettings = {
  workers: 30,
  serviceMs: 20,
  connectMs: 5,
  maxQueue: 6000,
  perAddress: 1_000_000,
};

/** Every story for a fleet of that share of the full size. */
export const storiesAt = (share: number): readonly Story[] => [outage(share), limits(share), storm(share), junk(share)];

/** Plans what happens to the world. */
export const unfold = (story: Story, world: World, time: VirtualTime): void => {
  for (const { at, happens } of story.events) time.after(at * 1000, () => happens(world));
};

function outage(share: number): Story {
  return {
    name: 'outage',
    title: 'Outage and return',
    seconds: 150,
    arrivals: () => 1000 * share,
    service: scaled(SERVICE, share),
    events: [
      { at: 15, happens: ({ service }) => service.become('stalls') },
      { at: 60, happens: ({ service }) => service.become('fails') },
      { at: 75, happens: ({ service }) => service.become('well') },
    ],
    back: 75,
    spans: [
      { name: 'stalls', from: 15, to: 60 },
      { name: 'fails', from: 60, to: 75 },
    ],
  };
}

/** A fleet of that share of the full one: load, workers and limits shrink alike. */
function scaled(settings: ServiceSettings, share: number): ServiceSettings {
  return {
    ...settings,
    workers: Math.max(2, Math.round(settings.workers * share)),
    maxQueue: Math.round(settings.maxQueue * share),
    perAddress: settings.perAddress * share,
  };
}

function limits(share: number): Story {
  return {
    name: 'limits',
    title: 'A burst above the rate limit',
    seconds: 90,
    arrivals: second => (second >= 15 && second < 60 ? 1800 : 700) * share,
    service: scaled({ ...SERVICE, workers: 60, perAddress: 350 }, share),
    events: [],
    back: 60,
    spans: [{ name: 'burst', from: 15, to: 60 }],
  };
}

function storm(share: number): Story {
  return {
    name: 'storm',
    title: 'Ten thousand cold starts, then a credential that the store learns late',
    seconds: 140,
    arrivals: second => (second >= 10 && second < 12 ? 5000 : 800) * share,
    service: scaled(SERVICE, share),
    events: [
      { at: 60, happens: ({ service }) => service.accept('second') },
      { at: 75, happens: ({ store }) => store('second') },
    ],
    back: 75,
    spans: [
      { name: 'surge', from: 10, to: 12 },
      { name: 'old credential in the store', from: 60, to: 75 },
    ],
  };
}

/** 95 % of the requests carry junk tokens, more than PingOne allows the addresses; the others are as many as before. */
function junk(share: number): Story {
  const flood = { name: 'flood', from: 15, to: 60 };
  const junkShare = (second: number): number => (second >= flood.from && second < flood.to ? 0.95 : 0);
  return {
    name: 'junk',
    title: 'A flood of junk tokens',
    seconds: 90,
    arrivals: second => (100 / (1 - junkShare(second))) * share,
    junk: junkShare,
    service: scaled({ ...SERVICE, workers: 60, perAddress: 350 }, share),
    events: [],
    back: flood.to,
    spans: [flood],
  };
}
