/** The edge package and preflights: PingOne is never asked about one, and always about what only looks like one. */

import { describe, expect, it } from 'vitest';
import { VERSIONS } from '../fault/authorizer-environment.ts';
import { startEdgeBed } from './edge-bed.ts';
import { APP, NEAR } from './preflights.ts';
import { eventOf } from './viewer-request.ts';

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { origin: APP, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
};
const SETTINGS = { CORS_ALLOWED_ORIGINS: APP, BREAKER_ENABLED: false };
const HUNDRED = Array.from({ length: 100 }, (_, index) => index);

const decisions = (lines: readonly string[]): readonly Readonly<Record<string, unknown>>[] =>
  lines.filter(line => line.includes('"message":"decision"')).map(line => JSON.parse(line));

describe.each(VERSIONS)('the edge package on Node %i', node => {
  it('lets 100 preflights pass and asks PingOne about none; each is counted, none as a permit', async () => {
    const bed = await startEdgeBed({ node, settings: { ...SETTINGS, PREFLIGHT: 'pass' } });
    for (const index of HUNDRED) expect((await fetch(`${bed.url}/a?n=${index}`, PREFLIGHT)).status).toBe(200);
    expect([bed.pdp.callCount, bed.origin.length, bed.problems]).toEqual([0, 100, []]);
    expect(bed.origin[0]?.headers).toContainEqual(['origin', APP]);
    await expect.poll(() => decisions(bed.environment.lines).length).toBe(100);
    for (const line of decisions(bed.environment.lines)) {
      expect(line).toMatchObject({ effect: 'preflight', ending: 'passed', Preflight: 1 });
      expect(line).not.toHaveProperty('Permit');
      expect(line).not.toHaveProperty('Deny');
    }
  });

  it('answers 100 preflights, and neither PingOne nor the origin hears of them', async () => {
    const bed = await startEdgeBed({ node, settings: { ...SETTINGS, PREFLIGHT: 'answer' } });
    for (const _ of HUNDRED) {
      const reply = await fetch(bed.url, PREFLIGHT);
      expect([reply.status, reply.headers.get('access-control-allow-origin'), await reply.text()]).toEqual([
        204,
        APP,
        '',
      ]);
    }
    const other = await fetch(bed.url, {
      ...PREFLIGHT,
      headers: { ...PREFLIGHT.headers, origin: 'https://evil.example' },
    });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect([bed.pdp.callCount, bed.origin, bed.problems]).toEqual([0, [], []]);
  });

  it.each(['pass', 'answer'])('asks about 100 that are nearly preflights, with %s', async PREFLIGHT => {
    const { pdp, environment } = await startEdgeBed({ node, settings: { ...SETTINGS, PREFLIGHT } });
    for (const index of HUNDRED) {
      const [title, request] = NEAR[index % NEAR.length] ?? [];
      const answer = await environment.invoke(eventOf(request));
      expect([title, pdp.callCount]).toEqual([title, index + 1]);
      expect(answer).toMatchObject({ ok: true });
    }
  });

  it('asks about every preflight if nothing is configured', async () => {
    const { url, pdp } = await startEdgeBed({ node, pdp: { otherwise: { kind: 'deny', code: '405' } } });
    expect((await fetch(url, PREFLIGHT)).status).toBe(405);
    expect(pdp.callCount).toBe(1);
  });
});
