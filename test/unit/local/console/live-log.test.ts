/** The rules of the live log: a line per decision, aligned, coloured only where asked for. */
import { describe, expect, it } from 'vitest';
import { inkFor } from '../../../../local/console/ink.ts';
import { createLiveLog } from '../../../../local/console/live-log.ts';

const shown = (lines: readonly string[], ink = inkFor(false, undefined)): readonly string[] => {
  const written: string[] = [];
  const log = createLiveLog({
    write: text => written.push(text),
    ink,
    requestOf: id => (id === 'r-1' ? 'GET /dev/orders/7' : undefined),
    now: () => new Date(2026, 10, 22, 9, 5, 6),
  });
  log.header();
  for (const line of lines) log.line(line);
  return written;
};

const decision = (fields: object): string =>
  JSON.stringify({ message: 'decision', attempts: 1, breaker: 'closed', ...fields });
const PERMIT = decision({ effect: 'permit', reasonCode: 'PERMIT', durationMs: 3.0862, requestId: 'r-1' });
const DENY = decision({ effect: 'deny', reasonCode: 'POLICY_DENIED', status: 403, durationMs: 12, route: '/x' });

describe('the live log', () => {
  it('shows a decision on one line, in the columns of its header', () => {
    const [header = '', permit = '', deny = ''] = shown([PERMIT, DENY]);
    expect(permit).toMatch(/^ {2}09:05:06 {2}permit {2}PERMIT +3\.1 +1 {2}closed +GET \/dev\/orders\/7$/);
    expect(deny).toMatch(/deny +POLICY_DENIED +403 +12\.0 +1 +closed +\/x$/);
    expect(deny.indexOf('closed')).toBe(header.indexOf('breaker'));
    expect(permit.indexOf('GET')).toBe(header.indexOf('request'));
  });

  it('shows breaker and credential events', () => {
    expect(shown(['{"message":"breaker","level":"WARN","state":"open","forMs":4800}'])[1]).toBe(
      '  09:05:06  breaker: state=open forMs=4800',
    );
  });

  it('shows other output as it is, but not the stack of a thrown Unauthorized', () => {
    expect(shown(['oops', 'x\tInvoke Error {"errorType":"Error","errorMessage":"Unauthorized"}']).slice(1)).toEqual([
      '  oops',
    ]);
  });

  it('is coloured on a terminal, unless NO_COLOR says no', () => {
    expect(shown([PERMIT], inkFor(true, undefined))[1]).toContain('\u001b[32m');
    expect(shown([PERMIT], inkFor(true, '1'))[1]).not.toContain('\u001b[');
  });
});
