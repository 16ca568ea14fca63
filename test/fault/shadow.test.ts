/** The whole fault matrix played on the shadow: PingOne's answers are byte for byte those without it. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAuthorizer, loadConfig } from '../../src/index.ts';
import { restEvent } from '../support/events.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';

/** What one service can do wrong on a plain connection; where a secret is kept or a certificate comes from is not its doing. */
const PLAYED = FAULTS.filter(
  ({ over, stored, meets = [], connections = [], down, accepted }) =>
    (over === undefined || over.includes('http')) &&
    stored === undefined &&
    (meets.length > 0 || connections.length > 0 || down === true || accepted !== undefined),
);

/** PingOne's own part: what it says, also to a second and third request. */
const SCRIPT = [
  { kind: 'permit', edits: { add: [['x-user', 'u-1']] } },
  { kind: 'deny', code: '404', body: '{"code":"x"}' },
  { kind: 'permit' },
] as const;

/** Answers, and what PingOne and the breaker saw, with or without a shadow. */
const play = async (pdp: FakePdp, shadow: FakePdp | undefined) => {
  const lines: string[] = [];
  const second =
    shadow === undefined ? {} : { SHADOW_SERVICE_URL: shadow.url, SHADOW_GATEWAY_CREDENTIAL: 'of-the-shadow' };
  const config = loadConfig({
    PINGONE_SERVICE_URL: pdp.url,
    PINGONE_GATEWAY_CREDENTIAL: 'c-1',
    FORWARD_HEADERS: 'x-user',
    PINGONE_PREWARM: 'false',
    ...second,
  });
  const authorizer = createAuthorizer(config, { writeLine: line => lines.push(line) });
  await new Promise(resolve => setImmediate(resolve));
  const answers: string[] = [];
  const before = pdp.callCount;
  for (const behaviour of SCRIPT) {
    pdp.script(behaviour);
    answers.push(JSON.stringify(await authorizer(restEvent(), {})));
  }
  const records = lines.map(line => JSON.parse(line)).filter(({ message }) => message === 'decision');
  const facts = records.map(({ effect, reasonCode, attempts, breaker, CircuitOpened }) => [
    effect,
    reasonCode,
    attempts,
    breaker,
    CircuitOpened,
  ]);
  return { answers, facts, calls: pdp.callCount - before };
};

const startShadow = async ({ meets, connections, down, accepted }: Fault): Promise<FakePdp> => {
  const shadow = await startFakePdp({
    connectionScript: connections ?? [],
    script: meets ?? [],
    otherwise: { kind: 'permit' },
    ...(accepted === undefined ? {} : { acceptCredentials: new Set([accepted]) }),
  });
  onTestFinished(shadow.close);
  if (down) await shadow.stop();
  return shadow;
};

describe('on the shadow', () => {
  let pdp: FakePdp;
  beforeAll(async () => {
    pdp = await startFakePdp();
    // In the zip they are there at once; here the first one to need them would compile them.
    await Promise.all([import('../../src/shadow/shadow.ts'), import('../../src/telemetry/after-answers.ts')]);
  });
  afterAll(() => pdp.close());

  it('most of the matrix is played', () => expect(PLAYED.length).toBeGreaterThan(60));

  it.each(PLAYED)('$title changes no answer, no count and no call', async fault => {
    const without = await play(pdp, undefined);
    const shadow = await startShadow(fault);
    expect(await play(pdp, shadow)).toEqual(without);
    if (!fault.down) await expect.poll(() => shadow.connections.opened, { timeout: 10_000 }).toBeGreaterThan(0);
  });
});
