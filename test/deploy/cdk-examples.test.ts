/** Each example app synthesizes with the flags of a new app, and guards every method and route that is not meant to be free. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { propertiesOf, RECOMMENDED_FLAGS } from './cdk-stack.ts';
import { at, type Json } from './templates.ts';

const EXAMPLES = fileURLToPath(new URL('../../deploy/cdk/examples/', import.meta.url));
const synthesized = mkdtempSync(join(tmpdir(), 'cdk-examples-'));
const stacks = new Map<string, readonly Stack[]>();

/** The CDK command line gives an app its flags and its folder in the environment. */
const load = async (name: string): Promise<readonly Stack[]> => {
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify(RECOMMENDED_FLAGS));
  vi.stubEnv('CDK_OUTDIR', mkdtempSync(join(synthesized, 'app-')));
  const { app }: { app: App } = await import(join(EXAMPLES, `${name}.ts`));
  app.synth();
  return app.node.children.filter(child => 'templateFile' in child) as Stack[];
};

const all = (name: string, type: string): readonly Json[] =>
  (stacks.get(name) ?? []).flatMap(stack => propertiesOf(stack, type));

beforeAll(async () => {
  for (const name of ['rest-api', 'http-api', 'websocket-api', 'several-apis']) stacks.set(name, await load(name));
}, 120_000);
afterAll(() => rmSync(synthesized, { recursive: true, force: true }));

it('no example is left untried', () => {
  expect(readdirSync(EXAMPLES).toSorted()).toEqual([...stacks.keys()].map(name => `${name}.ts`).toSorted());
});

describe.each(['rest-api', 'http-api', 'websocket-api', 'several-apis'])('%s', name => {
  it('names no identity source, caches nothing, and lets only authorizers invoke the alias', () => {
    const rest = all(name, 'AWS::ApiGateway::Authorizer');
    const others = all(name, 'AWS::ApiGatewayV2::Authorizer');
    expect(rest.length + others.length).toBeGreaterThan(0);
    for (const authorizer of [...rest, ...others]) expect(at(authorizer, 'IdentitySource')).toBeUndefined();
    const webSocket = name === 'websocket-api';
    for (const authorizer of [...rest, ...others]) {
      expect(at(authorizer, 'AuthorizerResultTtlInSeconds')).toBe(webSocket ? undefined : 0);
    }
    const sources = all(name, 'AWS::Lambda::Permission').map(permission => JSON.stringify(at(permission, 'SourceArn')));
    expect(sources).toHaveLength(rest.length + others.length);
    for (const source of sources) expect(source).toContain('/authorizers/');
  });
});

describe('what is guarded', () => {
  const guards = (properties: readonly Json[], ...names: readonly string[]) =>
    properties
      .map(one => [...names, 'AuthorizationType'].map(key => z.string().parse(at(one, key))).join(' '))
      .toSorted();

  it('is every method of the REST API but the preflight', () => {
    expect(guards(all('rest-api', 'AWS::ApiGateway::Method'), 'HttpMethod')).toEqual([
      'ANY CUSTOM',
      'ANY CUSTOM',
      'OPTIONS NONE',
      'OPTIONS NONE',
    ]);
    expect(all('rest-api', 'AWS::ApiGateway::GatewayResponse').length).toBeGreaterThan(5);
  });

  it('is every route of the HTTP API but the preflight and the health check', () => {
    expect(guards(all('http-api', 'AWS::ApiGatewayV2::Route'), 'RouteKey')).toEqual([
      'ANY /{proxy+} CUSTOM',
      'GET /health NONE',
      'OPTIONS /{proxy+} NONE',
    ]);
  });

  it('is the handshake of the WebSocket API', () => {
    expect(guards(all('websocket-api', 'AWS::ApiGatewayV2::Route'), 'RouteKey')).toEqual([
      '$connect CUSTOM',
      '$default NONE',
    ]);
  });

  it('are APIs in stacks of their own, by one function with alarms and dashboards', () => {
    expect(stacks.get('several-apis')).toHaveLength(3);
    expect(all('several-apis', 'AWS::Lambda::Alias')).toHaveLength(1);
    expect(all('several-apis', 'AWS::CloudWatch::Alarm')).toHaveLength(9);
    expect(all('several-apis', 'AWS::CloudWatch::Dashboard')).toHaveLength(2);
    expect(guards(all('several-apis', 'AWS::ApiGateway::Method'), 'HttpMethod')).toEqual(['GET CUSTOM']);
    expect(guards(all('several-apis', 'AWS::ApiGatewayV2::Route'), 'RouteKey')).toEqual(['ANY /{proxy+} CUSTOM']);
  });
});
