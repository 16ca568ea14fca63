/** The construct for CloudFront: two lines guard a distribution, from a stack anywhere, as the template does. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { afterAll, describe, expect, it } from 'vitest';
import { PingOneEdgeAuthorizer, type PingOneEdgeAuthorizerProps } from '../../deploy/cdk/index.ts';
import { readZip } from '../../local/lambda/unpack.ts';
import { RECOMMENDED_FLAGS } from './cdk-stack.ts';
import { at, entriesOf, example, type Json, resourcesOf } from './templates.ts';

const ACCOUNT = '123456789012';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
const SETTINGS = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
};

const synthesized = mkdtempSync(join(tmpdir(), 'cdk-edge-'));
afterAll(() => rmSync(synthesized, { recursive: true, force: true }));

/** A guarded distribution in this region, and the templates of all stacks. CDK's own validation is most of the work. */
const guarded = (
  region: string,
  props: Partial<PingOneEdgeAuthorizerProps> = {},
  flags = RECOMMENDED_FLAGS,
  builtinCloudFormationValidation = false,
) => {
  const outdir = mkdtempSync(join(synthesized, 'app-'));
  const app = new App({ context: { ...flags }, outdir, builtinCloudFormationValidation });
  const stack = new Stack(app, 'Shop', { env: { account: ACCOUNT, region } });
  const pingOne = new PingOneEdgeAuthorizer(stack, 'PingOne', { settings: SETTINGS, ...props });
  new Distribution(stack, 'Distribution', {
    defaultBehavior: { origin: new HttpOrigin('backend.example'), ...pingOne.behavior() },
  });
  const stacks = app.node.children.filter(Stack.isStack);
  const edge = stacks.find(candidate => candidate.region === 'us-east-1') ?? stack;
  return { app, stack, pingOne, edge, own: Template.fromStack(stack), atEdge: Template.fromStack(edge) };
};

const only = (template: Template, type: string): Json => {
  const [resource, ...more] = Object.values(template.findResources(type));
  expect(more).toEqual([]);
  return resource?.['Properties'];
};

describe.each([
  ['eu-central-1', 'the flags of a new app', RECOMMENDED_FLAGS],
  ['eu-central-1', 'no flags', {}],
  ['us-east-1', 'the flags of a new app', RECOMMENDED_FLAGS],
])('a guarded distribution in a stack in %s, in an app with %s', (region, _, flags) => {
  const { own, atEdge, edge, stack } = guarded(region, {}, flags, true);
  const expected = resourcesOf(example('edge'), 'AWS::CloudFront::Distribution')[0]?.Properties;

  it('has its function in us-east-1, with nothing that the edge does not know', () => {
    expect([edge.region, edge === stack]).toEqual(['us-east-1', region === 'us-east-1']);
    const [properties] = Object.values(
      atEdge.findResources('AWS::Lambda::Function', { Properties: { Handler: Match.stringLikeRegexp('edge') } }),
    ).map(resource => resource['Properties']);
    expect(properties).toMatchObject({ MemorySize: 128, Timeout: 5, Runtime: 'nodejs22.x', Architectures: ['x86_64'] });
    for (const name of ['Environment', 'Layers', 'VpcConfig', 'DeadLetterConfig', 'TracingConfig', 'LoggingConfig']) {
      expect(properties).not.toHaveProperty(name);
    }
    atEdge.resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  it('associates a version that stays when it is replaced, with viewer requests', () => {
    atEdge.hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
    const behavior = at(only(own, 'AWS::CloudFront::Distribution'), 'DistributionConfig', 'DefaultCacheBehavior');
    const [association] = entriesOf(at(behavior, 'LambdaFunctionAssociations')).map(([, value]) => value);
    expect(association).toMatchObject({ EventType: 'viewer-request', IncludeBody: false });
    const version = JSON.stringify(at(association, 'LambdaFunctionARN'));
    expect(version).toMatch(region === 'us-east-1' ? /"Ref":"\w*CurrentVersion/ : /ArnReader/);
  });

  it('caches nothing, speaks https, and takes every method, as the template does', () => {
    const behavior = at(only(own, 'AWS::CloudFront::Distribution'), 'DistributionConfig', 'DefaultCacheBehavior');
    for (const name of ['ViewerProtocolPolicy', 'CachePolicyId', 'OriginRequestPolicyId']) {
      expect(at(behavior, name)).toBe(at(expected, 'DistributionConfig', 'DefaultCacheBehavior', name));
    }
    const methods = (value: Json | undefined) =>
      entriesOf(value)
        .map(([, method]) => String(method))
        .toSorted();
    expect(methods(at(behavior, 'AllowedMethods'))).toEqual(
      methods(at(expected, 'DistributionConfig', 'DefaultCacheBehavior', 'AllowedMethods')),
    );
  });

  it('lets both services assume the role', () => {
    const [role] = Object.values(atEdge.findResources('AWS::IAM::Role')).map(resource => resource['Properties']);
    const trusted = JSON.stringify(role);
    expect(trusted).toContain('"lambda.amazonaws.com"');
    expect(trusted).toContain('"edgelambda.amazonaws.com"');
    expect(trusted).not.toContain('ExecutionRole');
  });
});

/** The statements that the role has of its own; CloudFormation's helpers are others'. */
const statementsOf = (props: Partial<PingOneEdgeAuthorizerProps>): readonly Json[] =>
  Object.values(guarded('eu-central-1', props).atEdge.findResources('AWS::IAM::Policy')).flatMap(resource =>
    entriesOf(at(resource['Properties'], 'PolicyDocument', 'Statement')).map(([, statement]) => statement),
  );

const text = (value: Json | undefined): string =>
  JSON.stringify(value)
    .replace(/\{"Ref":"AWS::(\w+)"\}/g, '"$1"')
    .replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replaceAll(/","|^"|"$/g, '')}"`);

describe('the role at the edge', () => {
  it('reads the one secret, decrypts through its store, and writes logs where the function runs', () => {
    const statements = statementsOf({ keyArn: KEY, functionName: 'guard' }).map(text);
    expect(statements).toEqual([
      expect.stringContaining(
        `"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":"arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:pingone/gateway-credential-??????"`,
      ),
      expect.stringMatching(
        /"kms:ViaService":"secretsmanager\.eu-west-1\.URLSuffix".*"Resource":"arn:aws:kms:eu-west-1/,
      ),
      expect.stringContaining(`log-group:/aws/lambda/us-east-1.guard:*`),
    ]);
  });

  it('reads parameters by name or ARN, without what selects a version, and the stored settings beside them', () => {
    const { PINGONE_GATEWAY_CREDENTIAL_SECRET: _, PINGONE_CREDENTIAL_REGION: _r, ...others } = SETTINGS;
    const arn = `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/pingone/credential`;
    const settings = {
      ...others,
      PINGONE_GATEWAY_CREDENTIAL_PARAMETER: `${arn}:3`,
      SETTINGS_PARAMETER: '/pingone/edge',
    };
    const statements = statementsOf({ settings, keyArn: KEY }).map(text);
    expect(statements[0]).toContain(`"Resource":["${arn}","arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/pingone/edge"]`);
    expect(statements[1]).toContain('"kms:ViaService":"ssm.eu-west-1.URLSuffix"');
  });

  it('reads a secret by its whole ARN as it is', () => {
    const { PINGONE_CREDENTIAL_REGION: _, ...others } = SETTINGS;
    const arn = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:pingone-AbCdEf`;
    const [read] = statementsOf({ settings: { ...others, PINGONE_GATEWAY_CREDENTIAL_SECRET: arn } });
    expect(at(read, 'Resource')).toBe(arn);
  });
});

describe('what is baked', () => {
  const codeOf = async (props: Partial<PingOneEdgeAuthorizerProps> = {}): Promise<string> => {
    const { app, edge } = guarded('eu-central-1', props);
    const assembly = app.synth();
    const manifest = JSON.parse(readFileSync(join(assembly.directory, `${edge.artifactId}.assets.json`), 'utf8'));
    const zips = Object.values<{ source: { path: string } }>(manifest.files)
      .map(({ source }) => source.path)
      .filter(path => path.endsWith('.zip'));
    const entries = await readZip(readFileSync(join(assembly.directory, zips[0] ?? '')));
    return entries.find(({ name }) => name.endsWith('/aws-lambda-edge.js'))?.bytes.toString() ?? '';
  };

  it('are the settings, and the function’s name for its metrics', async () => {
    const code = await codeOf({
      functionName: 'guard',
      settings: { ...SETTINGS, PREFLIGHT: 'pass', PINGONE_RETRIES: 0 },
    });
    expect(code).toContain('PREFLIGHT:"pass"');
    expect(code).toContain('PINGONE_RETRIES:"0"');
    expect(code).toContain('FUNCTION_NAME:"guard"');
  });

  it('gives a new version for a changed setting, and the old one for the same', () => {
    const version = (settings: PingOneEdgeAuthorizerProps['settings']) =>
      Object.keys(guarded('eu-central-1', { settings }).atEdge.findResources('AWS::Lambda::Version'));
    const old = version(SETTINGS);
    expect(version({ ...SETTINGS })).toEqual(old);
    expect(version({ ...SETTINGS, LOG_LEVEL: 'WARN' })).not.toEqual(old);
  });

  it('shows bodies to the function if it sends them', () => {
    const { pingOne } = guarded('us-east-1', { settings: { ...SETTINGS, SEND_BODY: true } });
    expect(pingOne.edgeLambda.includeBody).toBe(true);
  });

  it.each<[string, Partial<PingOneEdgeAuthorizerProps>, RegExp]>([
    ['a wrong setting', { settings: { ...SETTINGS, PREFLIGHT: 'permit' } }, /PREFLIGHT must be/],
    [
      'a pasted credential',
      { settings: { ...SETTINGS, PINGONE_GATEWAY_CREDENTIAL: 'canary' } },
      /^(?!.*canary).*must not be in a package/s,
    ],
    ['too much memory', { memorySize: 10_241 }, /memory would be 10241 MB/],
    ['too long a timeout', { timeout: 31 }, /timeout would be 31 s/],
  ])('is refused for %s, by name', (_, props, problem) => {
    expect(() => guarded('eu-central-1', props)).toThrow(problem);
  });

  it('is refused if a setting is not known before the deployment', () => {
    const stack = new Stack(new App({ outdir: mkdtempSync(join(synthesized, 'app-')) }), 'S', {
      env: { account: ACCOUNT, region: 'eu-west-1' },
    });
    const settings = { ...SETTINGS, PINGONE_GATEWAY_CREDENTIAL_SECRET: stack.resolve(stack.stackName) + stack.account };
    expect(
      () => new PingOneEdgeAuthorizer(stack, 'A', { settings: { ...settings, LOG_LEVEL: stack.stackId } }),
    ).toThrow(/^LOG_LEVEL must be written out/);
  });

  it('warns of limits that AWS’s pages contradict each other on, and of nothing else', () => {
    const { stack } = guarded('eu-central-1', { memorySize: 256, timeout: 6 });
    const warnings = Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => String(entry.data));
    expect(warnings).toEqual([expect.stringContaining('memory is 256 MB'), expect.stringContaining('timeout is 6 s')]);
    expect(Annotations.fromStack(guarded('eu-central-1').stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('the stack', () => {
  it('must say its region', () => {
    const stack = new Stack(new App({ outdir: mkdtempSync(join(synthesized, 'app-')) }), 'S');
    expect(() => new PingOneEdgeAuthorizer(stack, 'A', { settings: SETTINGS })).toThrow(/its region/);
  });
});
