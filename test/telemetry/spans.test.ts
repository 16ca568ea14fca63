/** The rules of the spans: three kinds, one under the other, named by convention, with nothing off the allow-list. */
import { describe, expect, it } from 'vitest';
import { ATTRIBUTE } from '../../src/telemetry/names.ts';
import { answerOf } from '../fault/answers.ts';
import { httpEvent, restEvent, tokenEvent } from '../support/events.ts';
import { CORRELATION_ID } from '../support/sideband-answers.ts';
import { byName, decisionsOf, setStage, spansOf } from './stage.ts';

const ALLOWED = new Set<string>(Object.values(ATTRIBUTE));

describe('a request', () => {
  it('is a SERVER span over an INTERNAL one for the decision over a CLIENT one for the call', async () => {
    const stage = await setStage();
    await stage.environment.invoke(restEvent());
    const [authorize, decide, post] = byName(await spansOf(stage, 3), 'authorize', 'pingone.decide', 'POST');
    expect([authorize?.kind, decide?.kind, post?.kind]).toEqual(['server', 'internal', 'client']);
    expect(authorize?.parentSpanId).toBeUndefined();
    expect(decide?.parentSpanId).toBe(authorize?.spanId);
    expect(post?.parentSpanId).toBe(decide?.spanId);
    expect(new Set(stage.collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(stage.collector.spans.every(({ failed }) => !failed)).toBe(true);
    expect(authorize?.durationMs).toBeGreaterThanOrEqual(decide?.durationMs ?? Number.NaN);
    expect(decide?.durationMs).toBeGreaterThanOrEqual(post?.durationMs ?? Number.NaN);
  });

  it('is described by the stable conventions and by the decision', async () => {
    const stage = await setStage({ script: [{ kind: 'deny', code: '403' }] });
    await stage.environment.invoke(restEvent());
    const [authorize, decide, post] = byName(await spansOf(stage, 3), 'authorize', 'pingone.decide', 'POST');
    const decided = {
      'pingone.effect': 'deny',
      'pingone.reason_code': 'POLICY_DENIED',
      'pingone.attempts': 1,
      'pingone.breaker.state': 'closed',
      'pingone.decision_cache.hit': false,
      'pingone.correlation_id': CORRELATION_ID,
    };
    expect(authorize?.attributes).toEqual({
      ...decided,
      'faas.trigger': 'http',
      'faas.coldstart': true,
      'faas.invocation_id': expect.stringMatching(/^[\da-f-]{36}$/),
      'cloud.resource_id': 'arn:aws:lambda:eu-west-1:123456789012:function:aws-lambda-authorizer',
      'http.route': '/products/{productId}',
      'http.request.method': 'GET',
      'pingone.event.kind': 'rest',
      'pingone.status': 403,
      'pingone.unapplied_changes': 0,
    });
    expect(decide?.attributes).toEqual(decided);
    expect(post?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': stage.pdp.port,
      'url.full': `${stage.pdp.url}/sideband/request`,
      'peer.service': 'pingone-authorize',
    });
  });

  it('is a cold start once', async () => {
    const stage = await setStage();
    await stage.environment.invoke(restEvent());
    await stage.environment.invoke(restEvent());
    const roots = (await spansOf(stage, 6)).filter(({ name }) => name === 'authorize');
    expect(roots.map(({ attributes }) => attributes['faas.coldstart'])).toEqual([true, false]);
  });

  it('belongs to a resource that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES add to', async () => {
    const stage = await setStage({
      env: { OTEL_SERVICE_NAME: 'shop-authorizer', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging' },
    });
    await stage.environment.invoke(restEvent());
    expect((await spansOf(stage, 3))[0]?.resource).toEqual({
      'service.name': 'shop-authorizer',
      'deployment.environment.name': 'staging',
      'faas.name': 'aws-lambda-authorizer',
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_lambda',
    });
  });

  it('is exported with the headers of OTEL_EXPORTER_OTLP_HEADERS', async () => {
    const stage = await setStage({ env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shop' } });
    await stage.environment.invoke(restEvent());
    await spansOf(stage, 3);
    expect(stage.collector.headers[0]).toMatchObject({ 'x-tenant': 'shop' });
  });

  it('has its trace id in the log line, and in the context of a denial but not of a permit', async () => {
    const stage = await setStage({ script: [{ kind: 'permit' }, { kind: 'deny' }] });
    const permit = answerOf(await stage.environment.invoke(httpEvent()));
    const denial = answerOf(await stage.environment.invoke(restEvent()));
    const roots = (await spansOf(stage, 6)).filter(({ name }) => name === 'authorize');
    const traceIds = roots.map(({ traceId }) => traceId);
    expect((await decisionsOf(stage, 2)).map(line => line['traceId'])).toEqual(traceIds);
    expect(denial.context['traceId']).toBe(traceIds[1]);
    expect(permit.context).not.toHaveProperty('traceId');
  });
});

describe('a second attempt', () => {
  it('is a CLIENT span of its own, numbered by resend_count', async () => {
    const stage = await setStage({ script: [{ kind: 'reply', status: 503 }, { kind: 'permit' }] });
    await stage.environment.invoke(restEvent());
    const spans = await spansOf(stage, 4);
    const [decide] = byName(spans, 'pingone.decide');
    const posts = spans.filter(({ name }) => name === 'POST');
    expect(posts.map(({ parentSpanId }) => parentSpanId)).toEqual([decide?.spanId, decide?.spanId]);
    expect(posts.map(({ failed }) => failed)).toEqual([true, false]);
    expect(posts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 200]);
    expect(posts[0]?.attributes).not.toHaveProperty('http.request.resend_count');
    expect(posts[1]?.attributes['http.request.resend_count']).toBe(1);
    expect(decide?.failed).toBe(false);
    expect(decide?.attributes['pingone.attempts']).toBe(2);
  });
});

describe('a fault', () => {
  const env = { PINGONE_RETRIES: '0', PINGONE_REQUEST_TIMEOUT_MS: '200', BREAKER_VOLUME_THRESHOLD: '1' };

  it.each([
    { code: 'PDP_ERROR', script: { kind: 'reply', status: 500 }, status: 500 },
    { code: 'PDP_RATE_LIMITED', script: { kind: 'reply', status: 429 }, status: 429 },
    { code: 'PDP_TIMEOUT', script: { kind: 'stallHead' }, status: undefined },
    { code: 'PDP_UNREACHABLE', script: { kind: 'resetBeforeHead' }, status: undefined },
  ] as const)('in the call marks all three spans: $code', async ({ code, script, status }) => {
    const stage = await setStage({ env, script: [script] });
    await stage.environment.invoke(restEvent());
    const spans = byName(await spansOf(stage, 3), 'authorize', 'pingone.decide', 'POST');
    expect(spans.map(({ failed }) => failed)).toEqual([true, true, true]);
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([code, code, code]);
    expect(spans[0]?.attributes['pingone.reason_code']).toBe(code);
    expect(spans[2]?.attributes['http.response.status_code']).toBe(status);
  });

  it('in the reply leaves the call itself whole', async () => {
    const stage = await setStage({ script: [{ kind: 'reply', status: 200, body: '{}' }] });
    await stage.environment.invoke(restEvent());
    const spans = byName(await spansOf(stage, 3), 'authorize', 'pingone.decide', 'POST');
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'PDP_BAD_REPLY',
      'PDP_BAD_REPLY',
      undefined,
    ]);
  });

  it('of the credential shows as the status of the call and as a reason above it', async () => {
    const stage = await setStage({ script: [{ kind: 'reply', status: 401 }] });
    await stage.environment.invoke(restEvent());
    const spans = byName(await spansOf(stage, 3), 'authorize', 'pingone.decide', 'POST');
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'CREDENTIAL_REFUSED',
      'CREDENTIAL_REFUSED',
      '401',
    ]);
  });

  it('of the breaker is a decision without a call', async () => {
    const stage = await setStage({ env, script: [{ kind: 'reply', status: 500 }] });
    await stage.environment.invoke(restEvent());
    await stage.environment.invoke(restEvent());
    const second = (await spansOf(stage, 5)).slice(3);
    const [authorize, decide] = byName(second, 'authorize', 'pingone.decide');
    expect([authorize?.attributes['error.type'], decide?.attributes['error.type']]).toEqual([
      'CIRCUIT_OPEN',
      'CIRCUIT_OPEN',
    ]);
    expect(authorize?.attributes['pingone.breaker.state']).toBe('open');
  });

  it('of the event is a SERVER span alone', async () => {
    const stage = await setStage();
    await stage.environment.invoke(tokenEvent());
    const [authorize] = await spansOf(stage, 1);
    expect(authorize).toMatchObject({ name: 'authorize', failed: true });
    expect(authorize?.attributes).toMatchObject({
      'error.type': 'INVALID_REQUEST',
      'pingone.reason_code': 'INVALID_REQUEST',
    });
  });

  it('is not what a denial of PingOne is', async () => {
    const stage = await setStage({ script: [{ kind: 'deny' }, { kind: 'deny', code: '401' }] });
    await stage.environment.invoke(restEvent());
    await stage.environment.invoke(restEvent());
    expect((await spansOf(stage, 6)).some(({ failed }) => failed)).toBe(false);
  });
});

it('no span carries an attribute that the allow-list does not name', async () => {
  const stage = await setStage({
    env: { DEBUG: 'true', LOG_LEVEL: 'DEBUG', FORWARD_HEADERS: 'x-user', DECISION_CACHE_TTL_MS: '60000' },
    script: [
      { kind: 'permit', edits: { set: [['x-user', 'alice']], add: [['x-extra', 'yes']] } },
      { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer acr_values="high"']] },
      { kind: 'reply', status: 302 },
    ],
  });
  await stage.environment.invoke(restEvent());
  await stage.environment.invoke(restEvent());
  await stage.environment.invoke(httpEvent());
  await stage.environment.invoke(httpEvent({ routeKey: '$default' }));
  await stage.environment.invoke(tokenEvent());
  await stage.environment.close();
  expect(stage.collector.spans.filter(({ name }) => name === 'authorize')).toHaveLength(5);
  const used = new Set(stage.collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...used].filter(name => !ALLOWED.has(name))).toEqual([]);
  expect(used.size).toBeGreaterThan(15);
});
