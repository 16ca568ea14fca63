/** What a service answered to a row, in the words that rows expect it in. */
import type { Outcome } from '../../src/corridor/port.ts';
import type { ReasonCode } from '../../src/domain/errors.ts';
import { headerValues } from '../../src/domain/request.ts';
import type { Ask } from '../service/ask.ts';
import type { Row } from './row.ts';
import type { TokenOf } from './tokens.ts';

export interface Answer {
  readonly effect: 'permit' | 'deny';
  readonly reasonCode: ReasonCode | 'PERMIT';
  readonly status: number | undefined;
  /** Lower-case name -> final value, or null for a header that is gone. Values are compared and never shown. */
  readonly changedHeaders: ReadonlyMap<string, string | null>;
  /** Every header as the permit left it. */
  readonly finalValue: (name: string) => string | null;
  /** Whether the answer is PingOne's own, and not a fault on the way. */
  readonly decided: boolean;
  readonly correlationId: string | undefined;
}

/** Asks about a row. */
export const answerTo = async (row: Row, ask: Ask, tokenOf: TokenOf): Promise<Answer> => {
  const { method, url, headers, sourceIp, token } = row;
  const bearer = token === undefined ? [] : [['Authorization', `Bearer ${tokenOf(token)}`] as const];
  return readOutcome(await ask({ method, url, headers: [...headers, ...bearer], sourceIp }));
};

function readOutcome({ decision, fault }: Outcome): Answer {
  if (decision.effect === 'deny') {
    const { reasonCode, status, correlationId } = decision;
    const changedHeaders = new Map<string, string>();
    return {
      effect: 'deny',
      reasonCode,
      status,
      changedHeaders,
      finalValue: () => null,
      decided: fault === undefined,
      correlationId,
    };
  }
  const { headers, changes, correlationId } = decision;
  const finalValue = (name: string): string | null => {
    const values = headerValues(headers, name);
    return values.length === 0 ? null : values.join(', ');
  };
  const changed = changes.flatMap(({ kind, name }) => (name === undefined || isNoise(kind, name) ? [] : [name]));
  return {
    effect: 'permit',
    reasonCode: 'PERMIT',
    status: undefined,
    changedHeaders: new Map(changed.map(name => [name, finalValue(name)])),
    finalValue,
    decided: true,
    correlationId,
  };
}

/** Services drop this one on their own. */
function isNoise(kind: string, name: string): boolean {
  return kind === 'header-removed' && name === 'accept-encoding';
}
