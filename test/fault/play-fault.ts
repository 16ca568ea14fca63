/** Plays one row of the fault matrix against the built zip and judges everything that the row says. */
import { expect, vi } from 'vitest';
import type { Environment } from '../../local/lambda/environment.ts';
import type { InvokeOptions } from '../../local/lambda/invocation.ts';
import { restEvent } from '../support/events.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';
import { type FakeSecretStores, startFakeSecretStores } from '../support/fake-secret-stores.ts';
import { BEARER, REST_ARN } from '../support/golden-events.ts';
import { tlsMaterials } from '../support/tls.ts';
import { type Answer, answerOf, recordsOf } from './answers.ts';
import { CREDENTIAL, NODES, type NodeVersion, startAuthorizer } from './authorizer-environment.ts';
import { expectedMs, FUNCTION_TIMEOUT_MS, LONG_MS, limitsFor, remainingMs } from './bounds.ts';
import type { Fault, Over } from './fault.ts';

const SECRET = '/gateway/credential';
const ALWAYS_POLICY: readonly string[] = ['PERMIT', 'Unauthorized', 'POLICY_DENIED'];

interface Stage {
  readonly pdp: FakePdp;
  readonly stores: FakeSecretStores | undefined;
  readonly accepted: Set<string>;
  readonly environment: Environment;
}

const storeVariables = ({ stored }: Fault, stores: FakeSecretStores | undefined): Readonly<Record<string, string>> =>
  stored === undefined || stores === undefined
    ? {}
    : {
        ...stores.environment,
        PINGONE_GATEWAY_CREDENTIAL: '',
        [stored.in === 'ssm' ? 'PINGONE_GATEWAY_CREDENTIAL_PARAMETER' : 'PINGONE_GATEWAY_CREDENTIAL_SECRET']: SECRET,
      };

const startPdp = (fault: Fault, over: Over, accepted: ReadonlySet<string>): Promise<FakePdp> => {
  const certificate = tlsMaterials[fault.certificate ?? 'good'];
  const version = fault.tlsVersion === undefined ? {} : { version: fault.tlsVersion };
  return startFakePdp({
    ...(over === 'https' ? { tls: { ...certificate, ...version }, host: 'localhost' } : {}),
    ...(fault.accepted === undefined ? {} : { acceptCredentials: accepted }),
    connectionScript: fault.before === undefined ? (fault.connections ?? []) : [],
    script: [...(fault.before ?? []), ...(fault.meets ?? [])],
    otherwise: { kind: 'permit' },
  });
};

const startStores = async ({ stored }: Fault): Promise<FakeSecretStores | undefined> => {
  if (stored === undefined) return undefined;
  const stores = await startFakeSecretStores();
  stores.put(stored.in, SECRET, stored.value);
  stores.script(...(stored.script ?? []));
  stores.otherwise(stored.otherwise);
  return stores;
};

const turn = (fault: Fault, { stores, accepted }: Stage): void => {
  const later = fault.stored?.later;
  if (later === undefined || fault.stored === undefined) return;
  if (later.value !== undefined) stores?.put(fault.stored.in, SECRET, later.value);
  stores?.otherwise(later.otherwise);
  if (later.accepted === undefined) return;
  accepted.clear();
  accepted.add(later.accepted);
};

const judgeAnswer = (fault: Fault, answer: Answer): void => {
  expect(answer.gets).toBe(fault.gets);
  expect(answer.thrown).toBe(fault.thrown === true);
  if (answer.thrown) return;
  expect([answer.effect, answer.resource]).toEqual([fault.gets === 'PERMIT' ? 'Allow' : 'Deny', REST_ARN]);
  expect(answer.context['status']).toBe(fault.status === undefined ? undefined : String(fault.status));
};

/** Not before its own limit, and before any other would have ended it. */
const judgeTime = (fault: Fault, tookMs: number): void => {
  expect(tookMs).toBeGreaterThanOrEqual(expectedMs(fault.bound, fault.attempts) * 0.9);
  expect(tookMs).toBeLessThan(LONG_MS);
};

/** The record and its metrics: what dashboards and alarms will say happened. */
const judgeRecord = (fault: Fault, environment: Environment): void => {
  const record = recordsOf(environment.lines, 'decision').at(fault.before?.length ?? 0);
  expect(record).toMatchObject({
    effect: fault.gets === 'PERMIT' ? 'permit' : 'deny',
    reasonCode: fault.gets,
    attempts: fault.attempts,
    ...(fault.gets === 'PERMIT' ? { Permit: 1 } : { Deny: 1 }),
  });
  expect(record?.['FailClosed']).toBe(ALWAYS_POLICY.includes(fault.gets) ? undefined : 1);
  expect(record?.['PdpRetries']).toBe(fault.attempts > 1 ? fault.attempts - 1 : undefined);
  expect(record?.['CircuitRefused']).toBe(fault.gets === 'CIRCUIT_OPEN' ? 1 : undefined);
};

const judgeSecrecy = (environment: Environment, answers: readonly Answer[]): void => {
  const said = [...environment.lines, JSON.stringify(answers)].join('\n');
  for (const secret of [CREDENTIAL, BEARER.slice('Bearer '.length)]) expect(said).not.toContain(secret);
};

const perform = async (fault: Fault, stage: Stage): Promise<void> => {
  const { pdp, stores, environment } = stage;
  const ask = async (options?: InvokeOptions): Promise<Answer> =>
    answerOf(await environment.invoke(restEvent(), options));
  for (const _ of fault.before ?? []) await ask();
  if (fault.before?.some(({ kind }) => kind === 'closeAfterIdle' || kind === 'keepAliveHint')) await pdp.open(0);
  turn(fault, stage);
  if (fault.down) await pdp.stop();

  const callsBefore = pdp.callCount;
  const started = performance.now();
  const answer = await ask({ remainingMs: remainingMs(fault.bound) });
  const tookMs = performance.now() - started;

  judgeAnswer(fault, answer);
  judgeTime(fault, tookMs);
  expect(pdp.callCount - callsBefore).toBe(fault.calls ?? fault.attempts);
  if (fault.storeCalls !== undefined) expect(stores?.calls.length).toBe(fault.storeCalls);
  await pdp.open(fault.sockets);
  const written = (fault.before?.length ?? 0) + 1;
  await vi.waitFor(() => expect(recordsOf(environment.lines, 'decision')).toHaveLength(written));
  judgeRecord(fault, environment);

  if (fault.down) await pdp.restart();
  const next = await ask();
  expect(next.gets).toBe(fault.next ?? 'PERMIT');
  expect(pdp.violations).toEqual([]);
  expect(environment.alive).toBe(true);
  judgeSecrecy(environment, [answer, next]);
};

/** Plays the row in an environment of its own. */
export const playFault = async (fault: Fault, over: Over, node: NodeVersion): Promise<void> => {
  const accepted = new Set(fault.accepted === undefined ? [] : [fault.accepted]);
  const pdp = await startPdp(fault, over, accepted);
  const stores = await startStores(fault);
  const env = {
    ...limitsFor(fault.bound),
    PINGONE_SERVICE_URL: pdp.url,
    ...(fault.trusted === false ? { NODE_EXTRA_CA_CERTS: '' } : {}),
    ...storeVariables(fault, stores),
    ...fault.env,
  };
  const environment = await startAuthorizer(env, { node: NODES[node], timeoutMs: FUNCTION_TIMEOUT_MS });
  try {
    await perform(fault, { pdp, stores, accepted, environment });
  } finally {
    await environment.close();
    await Promise.all([pdp.close(), stores?.close()]);
  }
};
