/** The essentials of the fault matrix at the edge: whatever is wrong, an answer in time, with its reason, and never the origin. */
import { describe, expect, it } from 'vitest';
import { tlsMaterials } from '../support/tls.ts';
import { CREDENTIAL, type EdgeBed, type EdgeBedOptions, startEdgeBed } from './edge-bed.ts';
import { BEARER } from './viewer-request.ts';

interface EdgeFault extends EdgeBedOptions {
  readonly title: string;
  readonly inflict?: (bed: EdgeBed) => unknown;
  readonly status: number;
  readonly reasonCode: string;
  /** ms after which it may come at the earliest, and by when another limit would have ended it. */
  readonly took?: readonly [least: number, most: number];
}

const SHORT = { AUTHORIZER_DEADLINE_MS: 400 };
const ONCE = { PINGONE_RETRIES: 0 };
const https = (certificate: 'good' | 'expired' | 'wrongName') => ({
  tls: tlsMaterials[certificate],
  host: 'localhost' as const,
});

const FAULTS: readonly EdgeFault[] = [
  { title: 'nobody listens', inflict: bed => bed.pdp.stop(), status: 503, reasonCode: 'PDP_UNREACHABLE' },
  {
    title: 'the connection is reset again and again',
    pdp: { otherwise: { kind: 'resetBeforeHead' } },
    status: 503,
    reasonCode: 'PDP_UNREACHABLE',
  },
  {
    title: 'no answer comes',
    pdp: { otherwise: { kind: 'stallHead' } },
    settings: SHORT,
    status: 503,
    reasonCode: 'PDP_TIMEOUT',
    took: [360, 3900],
  },
  {
    title: 'no answer comes, and nothing is configured: CloudFront’s five seconds are not used up',
    pdp: { otherwise: { kind: 'stallHead' } },
    settings: { PINGONE_REQUEST_TIMEOUT_MS: 10_000 },
    status: 503,
    reasonCode: 'PDP_TIMEOUT',
    took: [3600, Number.POSITIVE_INFINITY],
  },
  {
    title: 'the body stalls',
    pdp: { otherwise: { kind: 'stallBody' } },
    settings: SHORT,
    status: 503,
    reasonCode: 'PDP_TIMEOUT',
  },
  { title: 'a permit is cut off', pdp: { otherwise: { kind: 'truncate' } }, status: 502, reasonCode: 'PDP_BAD_REPLY' },
  {
    title: 'a permit is too large',
    pdp: { otherwise: { kind: 'hugeBody', bytes: 2_000_000 } },
    status: 502,
    reasonCode: 'PDP_BAD_REPLY',
  },
  {
    title: 'PingOne has an error',
    pdp: { otherwise: { kind: 'reply', status: 500 } },
    settings: ONCE,
    status: 502,
    reasonCode: 'PDP_ERROR',
  },
  {
    title: 'PingOne limits the rate',
    pdp: { otherwise: { kind: 'reply', status: 429 } },
    status: 503,
    reasonCode: 'PDP_RATE_LIMITED',
  },
  {
    title: 'PingOne redirects',
    pdp: { otherwise: { kind: 'reply', status: 307, headers: [['Location', '/']] } },
    status: 502,
    reasonCode: 'PDP_REJECTED',
  },
  {
    title: 'the credential is refused',
    pdp: { acceptCredentials: new Set(['another']) },
    status: 500,
    reasonCode: 'CREDENTIAL_REFUSED',
  },
  { title: 'there is no secret', stored: false, status: 500, reasonCode: 'CREDENTIAL_UNAVAILABLE' },
  {
    title: 'the secret store fails',
    inflict: ({ stores }) => stores.close(),
    status: 500,
    reasonCode: 'CREDENTIAL_UNAVAILABLE',
  },
  { title: 'the certificate is expired', pdp: https('expired'), status: 503, reasonCode: 'PDP_UNREACHABLE' },
  { title: 'the certificate is another’s', pdp: https('wrongName'), status: 503, reasonCode: 'PDP_UNREACHABLE' },
  {
    title: 'nobody vouches for the certificate',
    pdp: https('good'),
    trusted: false,
    status: 503,
    reasonCode: 'PDP_UNREACHABLE',
  },
];

describe('at the edge', () => {
  it.each(FAULTS)('$title', async ({ inflict, status, reasonCode, took, ...options }) => {
    const bed = await startEdgeBed(options);
    await inflict?.(bed);
    const started = performance.now();
    const reply = await fetch(bed.url, { headers: { authorization: BEARER } });
    const ms = performance.now() - started;
    const body = await reply.text();
    expect([reply.status, JSON.parse(body)]).toEqual([
      status,
      { reasonCode, reason: expect.any(String), correlationId: expect.stringMatching(/./) },
    ]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    if (took !== undefined) expect(ms).toBeGreaterThan(took[0]);
    if (took !== undefined) expect(ms).toBeLessThan(took[1]);
    // CloudFront ends a function after five seconds, and says so.
    expect([bed.origin, bed.problems, bed.pdp.violations]).toEqual([[], [], []]);
    await expect.poll(() => bed.environment.lines.join('\n')).toContain(`"reasonCode":"${reasonCode}"`);
    expect(`${bed.environment.lines.join('\n')}${body}`).not.toMatch(new RegExp(`${CREDENTIAL}|${BEARER.slice(7)}`));
  });

  it('permits over verified TLS, with the same bed', async () => {
    const { url, origin } = await startEdgeBed({ pdp: https('good') });
    expect((await fetch(url)).status).toBe(200);
    expect(origin).toHaveLength(1);
  });

  it('opens its breaker, and asks again after a while', async () => {
    const { url, pdp, origin } = await startEdgeBed({
      settings: { ...ONCE, BREAKER_VOLUME_THRESHOLD: 2, BREAKER_RESET_MS: 2000 },
      pdp: {
        script: [
          { kind: 'reply', status: 500 },
          { kind: 'reply', status: 500 },
        ],
      },
    });
    const reasonOf = async (): Promise<unknown> => {
      const reply = await fetch(url);
      return reply.status === 200 ? 'PERMIT' : JSON.parse(await reply.text()).reasonCode;
    };
    expect([await reasonOf(), await reasonOf(), await reasonOf()]).toEqual(['PDP_ERROR', 'PDP_ERROR', 'CIRCUIT_OPEN']);
    expect([pdp.callCount, origin.length]).toEqual([2, 0]);
    await expect.poll(reasonOf, { timeout: 15_000, interval: 100 }).toBe('PERMIT');
  });
});
