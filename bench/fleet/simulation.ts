/** One fleet through one story: Lambda's placement, callers that repeat, and what is counted by the second. */
import { type Decide, decider, type Rules, type Verdict } from './rules.ts';
import { type Service, startService } from './service.ts';
import { ASSUMPTIONS, type Story, unfold } from './story.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** Counts of one second. */
export interface Second {
  calls: number;
  connects: number;
  /** Of requests with a good token; so are those that an open circuit refused, and those that failed. */
  permit: number;
  circuitOpen: number;
  failed: number;
  /** Junk tokens, however they ended. */
  junk: number;
  /** Refused by an open circuit while the service was well. */
  falselyRefused: number;
  secrets: number;
  environments: number;
}

export interface Run {
  readonly rules: string;
  readonly seconds: readonly Second[];
  readonly maxEnvironments: number;
  /** Requests with a good token, before their repetitions. */
  readonly events: number;
  readonly wallMs: number;
}

interface Fleet {
  readonly request: (junk: boolean) => void;
  readonly size: () => number;
}

interface Parts {
  readonly rules: Rules;
  readonly time: VirtualTime;
  readonly service: Service;
  readonly fetchSecret: () => Promise<string>;
  readonly count: () => Second;
}

/** Runs it. The same seed gives the same run. */
export const simulate = async (story: Story, rules: Rules, seed = 1): Promise<Run> => {
  const started = performance.now();
  const time = virtualTime(seed);
  const seconds = Array.from({ length: story.seconds }, emptySecond);
  const beyond = emptySecond();
  const count = (): Second => seconds[Math.floor(time.now() / 1000)] ?? beyond;
  const service = startService(story.service, time);
  let stored = 'first';
  let events = 0;
  const fetchSecret = (): Promise<string> => {
    count().secrets += 1;
    return new Promise(resolve => time.after(ASSUMPTIONS.storeMs, () => resolve(stored)));
  };
  const fleet = startFleet({ rules, time, service, fetchSecret, count });
  const store = (credential: string): void => {
    stored = credential;
  };
  unfold(story, { service, store }, time);
  arrive(story, time, junk => {
    events += junk ? 0 : 1;
    fleet.request(junk);
  });
  for (const second of seconds) {
    await time.run(time.now() + 1000);
    second.environments = fleet.size();
  }
  return { rules: rules.name, seconds, maxEnvironments: fleet.size(), events, wallMs: performance.now() - started };
};

function emptySecond(): Second {
  return {
    calls: 0,
    connects: 0,
    permit: 0,
    circuitOpen: 0,
    failed: 0,
    junk: 0,
    falselyRefused: 0,
    secrets: 0,
    environments: 0,
  };
}

function startFleet({ rules, time, service, fetchSecret, count }: Parts): Fleet {
  /** Most recently used last, as Lambda prefers. */
  const free: Decide[] = [];
  let size = 0;

  const start = (): Decide => {
    const address = size % ASSUMPTIONS.addresses;
    let connects = true;
    size += 1;
    return decider(rules, {
      time,
      fetchSecret,
      ask: (credential, reply) => {
        count().calls += 1;
        if (connects) count().connects += 1;
        service.ask({ address, credential, connects, reply });
        connects = false;
      },
    });
  };

  const finish = (verdict: Verdict, repeats: number, junk: boolean): void => {
    const second = count();
    if (junk) second.junk += 1;
    else if (verdict === 'permit') second.permit += 1;
    else {
      if (verdict === 'circuit-open') second.circuitOpen += 1;
      else second.failed += 1;
      if (verdict === 'circuit-open' && service.health() === 'well') second.falselyRefused += 1;
      if (repeats > 0) time.after(ASSUMPTIONS.callerPauseMs * (0.5 + time.random()), () => place(repeats - 1, junk));
    }
  };

  const serve = (decide: Decide, repeats: number, junk: boolean): void => {
    // A decider never rejects: every fault is a verdict.
    void decide(junk).then(verdict => {
      finish(verdict, repeats, junk);
      time.after(ASSUMPTIONS.invocationMs, () => free.push(decide));
    });
  };

  const take = (): Decide | undefined => {
    const last = free.pop();
    if (last === undefined || rules.placement !== 'any') return last;
    const index = Math.floor(time.random() * (free.length + 1));
    const any = free[index];
    if (any === undefined) return last;
    free[index] = last;
    return any;
  };

  const place = (repeats: number, junk: boolean): void => {
    const reused = take();
    if (reused !== undefined) serve(reused, repeats, junk);
    else if (size < ASSUMPTIONS.maxEnvironments) {
      const decide = start();
      time.after(ASSUMPTIONS.initMs, () => serve(decide, repeats, junk));
    } else finish('failed', repeats, junk);
  };

  return { request: junk => place(junk ? 0 : ASSUMPTIONS.callerRepeats, junk), size: () => size };
}

/** Callers arrive at random, independently of each other. */
function arrive(story: Story, time: VirtualTime, request: (junk: boolean) => void): void {
  const next = (): void => {
    const rate = story.arrivals(time.now() / 1000);
    const junk = story.junk?.(time.now() / 1000) ?? 0;
    // Whole milliseconds: several may arrive within one.
    for (let due = rate / 1000; due > 0; due -= 1) if (time.random() < due) request(junk > 0 && time.random() < junk);
    time.after(1, next);
  };
  next();
}
