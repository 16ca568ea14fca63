/** What must hold under a gateway that is not AWS's: permits and their context flow, everything else is refused. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { isRecord, parseJson } from '../../local/loopback.ts';
import type { PolicyService } from '../../local/policy/policy-service.ts';
import { get, type Headers, handshake, NOBODY, READER, STRANGER } from './client.ts';
import type { Ports } from './service.ts';

export type Stage = { readonly ports: Ports; readonly policy: PolicyService; readonly eventsFile: string };

export type Check = { readonly title: string; run(stage: Stage): Promise<void> };

const GRANTED = { effect: 'permit', reasonCode: 'PERMIT', hdr_x_customer_tier: 'gold' };

const permits =
  (path: string) =>
  async ({ ports, policy }: Stage): Promise<void> => {
    const before = policy.calls;
    const { status, body } = await get(ports.http, path, READER);
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, GRANTED);
    assert.equal(policy.calls, before + 1, 'the policy service is asked once');
  };

const answers =
  (path: string, headers: Headers, expected: number) =>
  async ({ ports }: Stage): Promise<void> =>
    assert.equal((await get(ports.http, path, headers)).status, expected);

const connects =
  (headers: Headers, expected: number) =>
  async ({ ports }: Stage): Promise<void> =>
    assert.equal(await handshake(ports.websocket, headers), expected);

const valueAt = (event: unknown, keys: readonly string[]): unknown =>
  keys.reduce((value, key) => (isRecord(value) ? value[key] : undefined), event);

/** A permit for an event that lacks its peer's address and has null for its empty query. */
const survives = (path: string, version: string, arnKey: string, arnEnd: string) => async (stage: Stage) => {
  await permits(path)(stage);
  const lines = (await readFile(stage.eventsFile, 'utf8')).trim().split('\n');
  const event = parseJson(lines.at(-1) ?? '');
  assert.equal(valueAt(event, ['version']), version);
  assert.equal(valueAt(event, ['queryStringParameters']), null);
  assert.equal(valueAt(event, ['requestContext', 'identity', 'sourceIp']), undefined);
  assert.equal(valueAt(event, ['requestContext', 'http', 'sourceIp']), undefined);
  const arn = String(valueAt(event, [arnKey]));
  assert.ok(arn.includes(':random-account-id:') && arn.endsWith(arnEnd), `${arnKey} is ${arn}`);
};

const down = (run: Check['run']) => async (stage: Stage) => {
  await stage.policy.setMode({ kind: 'down' });
  try {
    await run(stage);
  } finally {
    await stage.policy.setMode({ kind: 'healthy' });
  }
};

const REST = '/rest/orders/7';
const HTTP = '/http/orders/7';

/** In their order: those with the policy service down come last, for they bring the breaker nearer to opening. */
export const CHECKS: readonly Check[] = [
  { title: 'REST API: a permit and its context reach the backend', run: permits(REST) },
  { title: 'REST API: a denial is 403', run: answers(REST, STRANGER, 403) },
  { title: 'REST API: a missing token is 401', run: answers(REST, NOBODY, 401) },
  { title: 'HTTP API: a permit and its context reach the backend', run: permits(HTTP) },
  { title: 'HTTP API: a denial is 403', run: answers(HTTP, STRANGER, 403) },
  { title: 'HTTP API: a missing token is 401', run: answers(HTTP, NOBODY, 401) },
  { title: 'WebSocket API: a permit and its context reach $connect', run: connects(READER, 101) },
  { title: 'WebSocket API: a denial is 403', run: connects(STRANGER, 403) },
  // AWS answers 401 here.
  { title: 'WebSocket API: a missing token is refused', run: connects(NOBODY, 500) },
  {
    title: 'REST API: an event with version 1.0, nulls, a template for its ARN and no sourceIp is decided on',
    run: survives('/rest/witnessed/7', '1.0', 'methodArn', '/dev/GET/rest/witnessed/{id}'),
  },
  {
    title: 'HTTP API: an event with nulls, a template for its ARN and no sourceIp is decided on',
    run: survives('/http/witnessed/7', '2.0', 'routeArn', '/GET/http/witnessed/{id}'),
  },
  { title: 'REST API: 403 while the policy service is down', run: down(answers(REST, READER, 403)) },
  { title: 'HTTP API: 403 while the policy service is down', run: down(answers(HTTP, READER, 403)) },
  { title: 'WebSocket API: 403 while the policy service is down', run: down(connects(READER, 403)) },
];
