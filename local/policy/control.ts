/** Commands that bring the embedded policy service into trouble and out of it, as words that a person can type. */
import type { Mode, PolicyService } from './policy-service.ts';

export const COMMANDS = [
  'down',
  'slow 2000',
  'stalled',
  'failing 503',
  'rate-limited 5',
  'healthy',
  'rotate-credential',
] as const;

const MAX_SLOW_MS = 60_000;
const MAX_RETRY_AFTER_SECONDS = 600;

const numberIn = (word: string | undefined, fallback: number, low: number, high: number): number | undefined => {
  if (word === undefined) return fallback;
  const value = Number(word);
  return Number.isInteger(value) && value >= low && value <= high ? value : undefined;
};

const modeOf = (kind: string | undefined, argument: string | undefined): Mode | undefined => {
  if ((kind === 'healthy' || kind === 'stalled' || kind === 'down') && argument === undefined) return { kind };
  if (kind === 'slow') {
    const ms = numberIn(argument, 2000, 0, MAX_SLOW_MS);
    return ms === undefined ? undefined : { kind, ms };
  }
  if (kind === 'rate-limited') {
    const retryAfterSeconds = numberIn(argument, 5, 0, MAX_RETRY_AFTER_SECONDS);
    return retryAfterSeconds === undefined ? undefined : { kind, retryAfterSeconds };
  }
  if (kind !== 'failing') return undefined;
  const status = numberIn(argument, 503, 500, 599);
  return status === undefined ? undefined : { kind, status };
};

/** Does what the command says and returns one sentence about it; throws a sentence where it says nothing known. */
export const control = async (service: PolicyService, command: string): Promise<string> => {
  const [word, argument, ...rest] = command.trim().split(/[\s=]+/);
  if (word === 'rotate-credential' && argument === undefined) {
    service.rotateCredential();
    return 'the gateway credential has been rotated: the old one is refused, the secret store has the new one';
  }
  const mode = rest.length === 0 ? modeOf(word, argument) : undefined;
  if (mode === undefined) throw new Error(`unknown command: send one of ${COMMANDS.join(', ')}`);
  await service.setMode(mode);
  return `the policy service is now ${[word, argument].filter(part => part !== undefined).join(' ')}`;
};
