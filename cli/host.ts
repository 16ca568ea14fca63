/** What the commands are given of the process that they run in. */
import type { Clock } from '../src/domain/clock.ts';
import type { Ink } from './screen/ink.ts';

export interface Host {
  /** The process's own variables. AWS's among them may be changed, because AWS's clients read them there. */
  readonly environment: Record<string, string | undefined>;
  readonly clock: Clock;
  readonly ink: Ink;
  /** Writes a line, or several, on stdout. */
  readonly write: (text: string) => void;
  /** Writes a line, or several, on stderr. */
  readonly complain: (text: string) => void;
}
