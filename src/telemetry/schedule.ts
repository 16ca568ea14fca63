/** When spans are exported: after an answer, by a timer, at the end. */
import type { Clock } from '../domain/clock.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { BatchSettings } from './batch-settings.ts';
import { atMost } from './bounded-wait.ts';
import type { SpanBuffer } from './span-buffer.ts';

export interface Schedule {
  /** A request begins. */
  readonly began: () => void;
  /**
   * Exports what is to be exported after an answer. Resolves when the environment may freeze. Never rejects.
   * @param held whether the environment stays awake until then. If not, everything is exported: it may never wake again.
   */
  readonly afterAnswer: (held: boolean) => Promise<void>;
  /** Called by a timer. Exports what is due, unless a request is under way: what is due then is exported after its answer. */
  readonly tick: () => void;
}

/**
 * The schedule of an environment that Lambda freezes. Traffic is sparse if nothing was asked for longer than the delay before a
 * request: the environment may then be frozen for long after the answer, so everything is exported and waited for. Under dense
 * traffic one batch is exported when it is due, and the next request does not wait for it.
 */
export const freezingSchedule = (
  buffer: Pick<SpanBuffer, 'due' | 'exportBatch' | 'flush'>,
  { delayMs }: Pick<BatchSettings, 'delayMs'>,
  clock: Clock,
): Schedule => {
  const time = steadyTime(clock);
  let answeredAt = Number.NEGATIVE_INFINITY;
  let tickedAt = time();
  let underWay = 0;
  let sparse = true;

  return {
    began: () => {
      if (underWay === 0) sparse = time() - answeredAt > delayMs;
      underWay += 1;
    },
    afterAnswer: async held => {
      underWay = Math.max(0, underWay - 1);
      answeredAt = time();
      if (!held) void buffer.flush();
      else if (sparse) await atMost(LONGEST_WAIT_MS, buffer.flush(), clock);
      else if (buffer.due()) {
        void buffer.exportBatch();
        await turn();
      }
    },
    tick: () => {
      const since = time() - tickedAt;
      tickedAt += since;
      // A timer that fires late has slept through a freeze. A request comes, and must not find an export in its way.
      if (underWay === 0 && since < 2 * tickMs(delayMs) && buffer.due()) void buffer.flush();
    },
  };
};

/**
 * The schedule of a managed instance: nothing freezes, and requests overlap.
 * @param signalled whether SIGTERM gets here. If not, the timer exports everything while no request is under way: nobody will say
 * when the end has come.
 */
export const steadySchedule = (buffer: Pick<SpanBuffer, 'due' | 'flush'>, signalled: boolean): Schedule => {
  let underWay = 0;
  const flushIfDue = async (): Promise<void> => {
    if (buffer.due()) await buffer.flush();
  };
  return {
    began: () => {
      underWay += 1;
    },
    afterAnswer: () => {
      underWay = Math.max(0, underWay - 1);
      return flushIfDue();
    },
    tick: () => void (signalled || underWay > 0 ? flushIfDue() : buffer.flush()),
  };
};

/** How often to call `tick`, in ms: a span leaves a quarter of the delay too late at most. */
export const tickMs = (delayMs: number): number => Math.max(delayMs / 4, SHORTEST_TICK_MS);

const SHORTEST_TICK_MS = 100;
/** How long after an answer an export may keep the environment busy; time for a collector that needs 200 ms. */
const LONGEST_WAIT_MS = 300;

/** One turn of the event loop, in which what is exported is written to its connection. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
