/** PingOne as the fleet sees it: workers with a queue, a limit per source address, and the ways in which it can be ill. */
import type { VirtualTime } from './virtual-time.ts';

export type Health = 'well' | 'stalls' | 'fails';
export type Reply = 'permit' | 'unavailable' | 'rate-limited' | 'credential-refused';

export interface ServiceSettings {
  /** Requests worked on at once. */
  readonly workers: number;
  readonly serviceMs: number;
  /** What a new connection costs a worker on top: TLS. */
  readonly connectMs: number;
  /** Requests that may wait; more are answered 503 at once. Those that nobody waits for any more are worked on all the same. */
  readonly maxQueue: number;
  /** Requests a second from one source address; more are answered 429. */
  readonly perAddress: number;
}

export interface Ask {
  readonly address: number;
  readonly credential: string;
  readonly connects: boolean;
  readonly reply: (reply: Reply) => void;
}

export interface Service {
  readonly ask: (ask: Ask) => void;
  readonly become: (health: Health) => void;
  readonly health: () => Health;
  /** The one credential that is accepted. */
  readonly accept: (credential: string) => void;
}

const NETWORK_MS = 5;

interface Bucket {
  tokens: number;
  at: number;
}

export const startService = (settings: ServiceSettings, time: VirtualTime): Service => {
  const within = limiter(settings.perAddress, time);
  let health: Health = 'well';
  let accepted = 'first';
  let busy = 0;
  let queue: Ask[] = [];
  let head = 0;

  const work = (ask: Ask): void => {
    busy += 1;
    time.after(settings.serviceMs + (ask.connects ? settings.connectMs : 0), () => {
      busy -= 1;
      ask.reply(ask.credential === accepted ? 'permit' : 'credential-refused');
      next();
    });
  };

  const next = (): void => {
    const ask = queue[head];
    if (ask === undefined || busy >= settings.workers) return;
    head += 1;
    if (head > 1000 && head * 2 > queue.length) [queue, head] = [queue.slice(head), 0];
    work(ask);
  };

  const take = (ask: Ask): void => {
    if (health === 'stalls') return;
    if (health === 'fails' || queue.length - head >= settings.maxQueue) ask.reply('unavailable');
    else if (!within(ask.address)) ask.reply('rate-limited');
    else {
      queue.push(ask);
      next();
    }
  };

  return {
    ask: ask => void time.after(NETWORK_MS, () => take(ask)),
    become: now => {
      health = now;
    },
    health: () => health,
    accept: credential => {
      accepted = credential;
    },
  };
};

/** A token bucket for each address, filled at the limit and holding one second's worth. */
function limiter(perSecond: number, time: VirtualTime) {
  const buckets = new Map<number, Bucket>();
  return (address: number): boolean => {
    const bucket = buckets.get(address) ?? { tokens: perSecond, at: time.now() };
    buckets.set(address, bucket);
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((time.now() - bucket.at) * perSecond) / 1000);
    bucket.at = time.now();
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
