/** What the CloudFormation example must say for CloudFront to take the function. */
import { describe, expect, it } from 'vitest';
import { HANDLER } from '../../local/cloudfront/edge-function.ts';
import { DEADLINE_MS, MEMORY_MB, TIMEOUT_S } from '../../src/edge/quotas.ts';
import { EDGE_DEFAULTS } from '../../src/edge/settings.ts';
import { isChangeable } from '../../src/edge/settings-source.ts';
import { at, example, resourcesOf } from '../deploy/templates.ts';

const template = example('edge');
const [lambda] = resourcesOf(template, 'AWS::Lambda::Function');
const [role] = resourcesOf(template, 'AWS::IAM::Role');
const [distribution] = resourcesOf(template, 'AWS::CloudFront::Distribution');
const behavior = at(distribution?.Properties, 'DistributionConfig', 'DefaultCacheBehavior');

describe('the edge example', () => {
  it('has a function within the limits of viewer requests, with nothing that the edge does not know', () => {
    expect(lambda?.Properties).toMatchObject({
      Handler: HANDLER,
      MemorySize: { Ref: 'MemoryMb' },
      Timeout: { Ref: 'TimeoutSeconds' },
      Architectures: ['x86_64'],
    });
    const limits = ['MemoryMb', 'TimeoutSeconds', 'DeadlineMs'].map(name => {
      const parameter = template.Parameters[name];
      return [parameter?.['Default'], parameter?.['MaxValue']];
    });
    expect(limits).toEqual([
      [MEMORY_MB.old, MEMORY_MB.certain],
      [TIMEOUT_S.old, TIMEOUT_S.certain],
      [Number(EDGE_DEFAULTS.AUTHORIZER_DEADLINE_MS), DEADLINE_MS.certain],
    ]);
    for (const unsupported of ['Environment', 'Layers', 'VpcConfig', 'DeadLetterConfig', 'TracingConfig']) {
      expect(lambda?.Properties).not.toHaveProperty(unsupported);
    }
  });

  it('is made in us-east-1 alone', () => {
    expect(JSON.stringify(template.Rules)).toContain('{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}');
  });

  it('lets both services assume the role, which reads the one credential', () => {
    expect(JSON.stringify(at(role?.Properties, 'AssumeRolePolicyDocument'))).toContain(
      '["lambda.amazonaws.com","edgelambda.amazonaws.com"]',
    );
    expect(JSON.stringify(role?.Properties)).not.toMatch(/"Resource":"\*"/);
  });

  it('makes settings that an edge package takes, and lets the function alone read them', () => {
    const [parameter] = resourcesOf(template, 'AWS::SSM::Parameter');
    const value = String(at(parameter?.Properties, 'Value', 'Fn::Sub')).replace(/\$\{DeadlineMs\}/, '3000');
    const names = Object.keys(JSON.parse(value));
    expect(names.filter(name => !isChangeable(name))).toEqual([]);
    expect(JSON.stringify(role?.Properties)).toMatch(/:parameter\$\{SettingsParameterName\}/);
  });

  it('associates a numbered version that a new release replaces, with viewer requests, over https, uncached', () => {
    expect(at(behavior, 'LambdaFunctionAssociations')).toEqual([
      expect.objectContaining({ EventType: 'viewer-request', LambdaFunctionARN: { Ref: 'EdgeVersion' } }),
    ]);
    expect(resourcesOf(template, 'AWS::Lambda::Version')[0]?.Properties['Description']).toEqual({ Ref: 'Release' });
    expect(behavior).toMatchObject({
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    });
  });
});
