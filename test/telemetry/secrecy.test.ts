/** The rule of secrecy: no credential, token, cookie, query, header, path, certificate, body or state in any output. */
import { describe, expect, it } from 'vitest';
import type { InvokeResult } from '../../local/lambda/invocation.ts';
import { recordsOf } from '../fault/answers.ts';
import { CREDENTIAL } from '../fault/authorizer-environment.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { BARE_QUERY, CANARY, EVENTS, PATH, STATUS_TEXT, TOKEN, TOKENS_IN_NAMES, WORDS } from './canaries.ts';
import { dataOf } from './emf.ts';
import { type Setting, type Stage, setStage } from './stage.ts';

/** Every way that PingOne can answer or fail, saying secrets wherever a reply has room for one. */
const REPLIES: Readonly<Record<string, Behaviour>> = {
  permit: {
    kind: 'permit',
    edits: {
      state: { token: CANARY.state },
      url: `https://api.example.org/${CANARY.changedUrl}`,
      set: [['X-Api-Key', CANARY.addedHeader]],
      add: [['X-Added', CANARY.addedHeader]],
      body: CANARY.body,
    },
    headers: [['X-Internal', CANARY.replyHeader]],
  },
  denial: {
    kind: 'deny',
    statusText: STATUS_TEXT,
    headers: [['X-Internal', CANARY.replyHeader]],
    replyHeaders: [['X-Internal', CANARY.replyHeader]],
  },
  '401': { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer']], statusText: STATUS_TEXT },
  'step up': { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer acr_values="high"']] },
  'refused credential': { kind: 'reply', status: 401, body: CANARY.badReply },
  'server error': { kind: 'reply', status: 500, body: `{"message":"${CANARY.badReply}"}` },
  'rate limit': { kind: 'reply', status: 429, body: CANARY.badReply },
  redirect: { kind: 'reply', status: 302, headers: [['Location', `https://x.test/${CANARY.badReply}`]], body: '' },
  'bad JSON': { kind: 'reply', status: 200, body: `{"method": ${CANARY.badReply}` },
  'other JSON': { kind: 'reply', status: 200, body: `{"${CANARY.badReply}":"${CANARY.badReply}"}` },
  'no HTTP': { kind: 'raw', bytes: `${CANARY.badReply} ${CANARY.badReply}\r\n\r\n`, afterwards: 'close' },
  'broken body': { kind: 'truncate' },
  reset: { kind: 'resetBeforeHead' },
  silence: { kind: 'stallHead' },
};

const LOUD = { DEBUG: 'true', LOG_LEVEL: 'DEBUG', BREAKER_ENABLED: 'false', PINGONE_RETRIES: '0' };
const LIMITS = { PINGONE_REQUEST_TIMEOUT_MS: '250', AUTHORIZER_DEADLINE_MS: '2000' };

/** Judges everything that left the function, but for the calls to PingOne. */
const judge = ({ environment, collector }: Stage, results: readonly InvokeResult[]) => {
  const told = [...environment.lines, ...collector.bodies, JSON.stringify(collector.headers)].join('\n');
  const output = `${told}\n${JSON.stringify(results)}`;
  expect([CREDENTIAL, ...WORDS].filter(word => output.includes(word))).toEqual([]);
  expect([STATUS_TEXT, PATH].filter(word => told.includes(word))).toEqual([]);
};

/** Every event against every reply, in one environment. */
const run = async (setting: Setting, events: readonly unknown[], replies: readonly Behaviour[]): Promise<Stage> => {
  const stage = await setStage({ ...setting, env: { ...LOUD, ...LIMITS, ...setting.env } });
  const results: InvokeResult[] = [];
  for (const behaviour of replies) {
    stage.pdp.otherwise(behaviour);
    for (const event of events) results.push(await stage.environment.invoke(event));
  }
  // What is left of the spans leaves as the environment ends.
  await stage.environment.close();
  const expected = events.length * replies.length;
  await expect.poll(() => stage.environment.lines.filter(line => line.includes('"exchange"')).length).toBe(expected);
  // Had a secret not got as far as PingOne, its absence would prove nothing.
  const asked = stage.pdp.calls.map(({ rawBody }) => rawBody).join('\n');
  for (const word of [CANARY.bearer, CANARY.cookie, CANARY.query, CANARY.header]) expect(asked).toContain(word);
  expect(stage.pdp.calls[0]?.credential).toBe(CREDENTIAL);
  judge(stage, results);
  return stage;
};

describe('no secret is in any log line, span, metric, answer or error', () => {
  it.each(Object.entries(REPLIES))('when PingOne answers with: %s', async (_name, behaviour) => {
    const stage = await run({}, Object.values(EVENTS), [behaviour]);
    expect(stage.collector.spans.length).toBeGreaterThan(Object.keys(EVENTS).length);
    expect(stage.environment.lines.flatMap(dataOf).length).toBeGreaterThan(0);
  });

  it('when faults are thrown', async () => {
    await run({ env: { FAIL_CLOSED_AS: 'error' } }, Object.values(EVENTS), Object.values(REPLIES).slice(2));
  });

  it('when permits are cached, changes are refused and denials are simple', async () => {
    const env = { DECISION_CACHE_TTL_MS: '60000', ON_UNAPPLIED_CHANGES: 'deny', RESPONSE_FORMAT: 'simple' };
    await run({ env }, [EVENTS['HTTP 2.0'], EVENTS['HTTP 2.0']], Object.values(REPLIES).slice(0, 4));
  });

  it('when the spans go to the console', async () => {
    await run({ env: { OTEL_TRACES_EXPORTER: 'console' } }, Object.values(EVENTS), Object.values(REPLIES).slice(0, 6));
  });

  it.each(['INFO', 'WARN', 'ERROR', 'SILENT'])('at level %s', async level => {
    const stage = await setStage({ env: { LOG_LEVEL: level } });
    const results: InvokeResult[] = [];
    for (const event of Object.values(EVENTS)) results.push(await stage.environment.invoke(event));
    await stage.environment.close();
    judge(stage, results);
  });

  it.each(Object.entries(BARE_QUERY))('when the whole query is a token: %s', async (_name, event) => {
    const stage = await setStage({ env: LOUD });
    const results = [await stage.environment.invoke(event)];
    await stage.environment.close();
    await expect.poll(() => recordsOf(stage.environment.lines, 'exchange').length).toBe(1);
    judge(stage, results);
  });

  it.each(Object.entries(TOKENS_IN_NAMES))('when tokens stand where names belong: %s', async (_name, event) => {
    const stage = await setStage({ env: LOUD });
    const results = [await stage.environment.invoke(event)];
    await stage.environment.close();
    await expect.poll(() => recordsOf(stage.environment.lines, 'exchange').length).toBe(1);
    const asked = stage.pdp.calls.map(({ rawBody }) => rawBody.toLowerCase()).join('\n');
    for (const word of [TOKEN, PATH]) expect(asked).toContain(word.toLowerCase());
    const told = [...stage.environment.lines, ...stage.collector.bodies].join('\n').toLowerCase();
    expect([TOKEN, ...TOKEN.split('.'), PATH].filter(word => told.includes(word.toLowerCase()))).toEqual([]);
    judge(stage, results);
  });

  it('when PingOne cannot be reached at all', async () => {
    const stage = await setStage({ env: { LOG_LEVEL: 'DEBUG' } });
    await stage.pdp.stop();
    const results = [
      await stage.environment.invoke(EVENTS['rest']),
      await stage.environment.invoke(EVENTS['HTTP 2.0']),
    ];
    await stage.environment.close();
    expect(recordsOf(stage.environment.lines, 'decision')).toMatchObject([
      { reasonCode: 'PDP_UNREACHABLE' },
      { reasonCode: 'PDP_UNREACHABLE' },
    ]);
    judge(stage, results);
  });

  it('when the configuration is wrong: variables are named, their values are not', async () => {
    const env = {
      PINGONE_SERVICE_URL: `https://user:${CANARY.header}@pingone.test/?${CANARY.query}`,
      FORWARD_HEADERS: `${CANARY.header}:`,
      BREAKER_WINDOW_MS: CANARY.header,
      DECISION_CACHE_KEY: CANARY.header,
      METRICS: CANARY.header,
      DEBUG: CANARY.header,
    };
    const stage = await setStage({ env });
    const results = [await stage.environment.invoke(EVENTS['rest'])];
    await stage.environment.close();
    const [problem] = recordsOf(stage.environment.lines, 'configuration');
    for (const name of Object.keys(env)) expect(JSON.stringify(problem?.['problems'])).toContain(name);
    judge(stage, results);
  });
});

it('what FORWARD_HEADERS names reaches the backend, and only the backend', async () => {
  const stage = await setStage({ env: { ...LOUD, FORWARD_HEADERS: 'x-api-key' } });
  const result = await stage.environment.invoke(EVENTS['rest']);
  await stage.environment.close();
  expect(result).toMatchObject({ payload: { context: { hdr_x_api_key: CANARY.header } } });
  judge(stage, []);
});
