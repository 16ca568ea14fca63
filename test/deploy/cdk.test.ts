/** The construct: three lines guard an API, with least privilege and nothing cached. */
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpNoneAuthorizer, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import type { PingOneAuthorizer } from '../../deploy/cdk/index.ts';
import {
  authorizerIn,
  guardedRest,
  inStack,
  propertiesOf,
  RECOMMENDED_FLAGS,
  SECRET,
  SERVICE_URL,
} from './cdk-stack.ts';
import { at, entriesOf, example, type Json, leaves, readTemplate, resourcesOf, TEMPLATE } from './templates.ts';

const PARAMETER = 'arn:aws:ssm:eu-central-1:123456789012:parameter/pingone';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1';

const guardedHttp = (stack: Stack, pingOne: PingOneAuthorizer): void => {
  const authorizer = pingOne.httpAuthorizer();
  const integration = new HttpUrlIntegration('Backend', 'https://backend.example');
  const api = new HttpApi(stack, 'Http');
  api.addRoutes({ path: '/a', integration, authorizer });
  api.addRoutes({ path: '/b', integration, authorizer });
  api.addRoutes({ path: '/health', integration, authorizer: new HttpNoneAuthorizer() });
};

describe('a guarded REST API', () => {
  const stack = inStack();
  const pingOne = authorizerIn(stack);
  guardedRest(stack, pingOne);
  const synthesized = Template.fromStack(stack);

  it('caches no result and has no identity source', () => {
    synthesized.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: Match.absent(),
    });
    synthesized.hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' });
  });

  it('may invoke the alias, as an authorizer', () => {
    const [alias = ''] = Object.keys(synthesized.findResources('AWS::Lambda::Alias'));
    synthesized.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { Ref: alias },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/authorizers/')])] },
    });
  });

  it('looks like this', () => {
    expect(synthesized.toJSON()).toMatchSnapshot();
  });
});

describe('a guarded HTTP API', () => {
  it.each(['simple', 'iam'] as const)('is attached as in the example, with %s responses', responseFormat => {
    const stack = inStack();
    guardedHttp(stack, authorizerIn(stack, { responseFormat }));
    const [expected] = resourcesOf(example(`http-api-${responseFormat}`), 'AWS::ApiGatewayV2::Authorizer');
    const attached = propertiesOf(stack, 'AWS::ApiGatewayV2::Authorizer');
    expect(attached).toHaveLength(1);
    const names = [
      'AuthorizerType',
      'AuthorizerPayloadFormatVersion',
      'EnableSimpleResponses',
      'AuthorizerResultTtlInSeconds',
      'IdentitySource',
    ];
    for (const name of names) expect(at(attached[0], name)).toEqual(expected?.Properties[name]);
  });

  it('guards the routes that ask for it, with one permission on /authorizers/', () => {
    const stack = inStack();
    guardedHttp(stack, authorizerIn(stack));
    expect(propertiesOf(stack, 'AWS::ApiGatewayV2::Route').map(route => at(route, 'AuthorizationType'))).toEqual([
      'CUSTOM',
      'CUSTOM',
      'NONE',
    ]);
    const permissions = propertiesOf(stack, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(1);
    expect(JSON.stringify(at(permissions[0], 'SourceArn'))).toContain('/authorizers/');
  });

  it('is refused when its authorizer guards another API already', () => {
    const stack = inStack();
    const authorizer = authorizerIn(stack).httpAuthorizer();
    const backend = (id: string) => new HttpUrlIntegration(id, 'https://backend.example');
    new HttpApi(stack, 'First').addRoutes({ path: '/', integration: backend('A'), authorizer });
    const second = new HttpApi(stack, 'Second');
    expect(() => second.addRoutes({ path: '/', integration: backend('B'), authorizer })).toThrow(/another id/);
  });
});

describe('a guarded WebSocket API', () => {
  const connectOf = (id: string) => new WebSocketMockIntegration(id);

  it('is attached as in the example: at $connect, without identity source, with one permission on /authorizers/', () => {
    const stack = inStack();
    const authorizer = authorizerIn(stack).webSocketAuthorizer();
    new WebSocketApi(stack, 'Chat', { connectRouteOptions: { integration: connectOf('Connect'), authorizer } });
    const [expected] = resourcesOf(example('websocket-api'), 'AWS::ApiGatewayV2::Authorizer');
    const [attached] = propertiesOf(stack, 'AWS::ApiGatewayV2::Authorizer');
    for (const name of ['AuthorizerType', 'IdentitySource', 'AuthorizerResultTtlInSeconds']) {
      expect(at(attached, name)).toEqual(expected?.Properties[name]);
    }
    expect(JSON.stringify(at(attached, 'AuthorizerUri'))).toContain('/invocations');
    expect(propertiesOf(stack, 'AWS::ApiGatewayV2::Route').map(route => at(route, 'AuthorizationType'))).toEqual([
      'CUSTOM',
    ]);
    const permissions = propertiesOf(stack, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(1);
    expect(JSON.stringify(at(permissions[0], 'SourceArn'))).toContain('/authorizers/');
  });

  it('is refused when its authorizer guards another API already', () => {
    const stack = inStack();
    const authorizer = authorizerIn(stack).webSocketAuthorizer();
    const guarded = (id: string) => ({ connectRouteOptions: { integration: connectOf(id), authorizer } });
    new WebSocketApi(stack, 'First', guarded('A'));
    expect(() => new WebSocketApi(stack, 'Second', guarded('B'))).toThrow(/webSocketAuthorizer\('another id'\)/);
  });
});

describe('an API of another account', () => {
  it('may call, held to its account and to authorizers', () => {
    const stack = inStack();
    authorizerIn(stack, {
      crossAccountApis: [{ account: '111122223333', apiId: 'abc123' }, { account: '444455556666' }],
    });
    const granted = propertiesOf(stack, 'AWS::Lambda::Permission').map(permission => [
      at(permission, 'SourceAccount'),
      JSON.stringify(at(permission, 'SourceArn')).replace(/^.*:execute-api:/, ''),
      at(permission, 'Principal'),
    ]);
    expect(granted).toEqual([
      ['111122223333', expect.stringContaining(':111122223333:abc123/authorizers/*'), 'apigateway.amazonaws.com'],
      ['444455556666', expect.stringContaining(':444455556666:*/authorizers/*'), 'apigateway.amazonaws.com'],
    ]);
  });

  it('is refused without an account', () => {
    expect(() => authorizerIn(inStack(), { crossAccountApis: [{ account: '*' }] })).toThrow(/twelve digits/);
  });
});

describe('the shadow of the construct', () => {
  it('reads its own credential, and the function is told where it is', () => {
    const stack = inStack();
    const shadowCredential = Secret.fromSecretCompleteArn(
      stack,
      'Shadow',
      SECRET.replace(/pingone-.*$/, 'shadow-GhIjKl'),
    );
    authorizerIn(stack, { shadowServiceUrl: SERVICE_URL, shadowCredential });
    const [constructed] = propertiesOf(stack, 'AWS::Lambda::Function');
    expect(at(constructed, 'Environment', 'Variables')).toMatchObject({
      SHADOW_SERVICE_URL: SERVICE_URL,
      SHADOW_GATEWAY_CREDENTIAL_SECRET: shadowCredential.secretArn,
    });
    expect(JSON.stringify(propertiesOf(stack, 'AWS::IAM::Policy'))).toContain(shadowCredential.secretArn);
  });
});

describe('the construct', () => {
  it('takes signed code only, with a code signing configuration', () => {
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-0123456789abcdef0';
    const stack = inStack();
    authorizerIn(stack, { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', arn) });
    expect(at(propertiesOf(stack, 'AWS::Lambda::Function')[0], 'CodeSigningConfigArn')).toBe(arn);
  });

  it('refuses a deadline that the function does not live to see', () => {
    expect(() => authorizerIn(inStack(), { authorizerDeadlineMs: 7500 })).toThrow(
      /authorizerDeadlineMs must be at most 7000/,
    );
  });

  it.each([
    ['the flags of a new app', RECOMMENDED_FLAGS],
    ['no flags', {}],
  ])('has one log group, with our retention, in an app with %s', (_, flags) => {
    const stack = inStack(flags);
    authorizerIn(stack);
    const groups = propertiesOf(stack, 'AWS::Logs::LogGroup');
    expect(groups.map(group => at(group, 'RetentionInDays'))).toEqual([30]);
    expect(JSON.stringify(groups[0])).toContain('/aws/lambda/');
  });

  it('gets the network interfaces of a VPC as in template.yaml, and nothing else of what AWS’s managed policy opens', () => {
    const stack = inStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    authorizerIn(stack, { vpc, securityGroups: [group] });
    const interfaces = (value: Json | undefined) =>
      leaves(value ?? null)
        .map(leaf => String(leaf.value))
        .filter(text => text.startsWith('ec2:'))
        .toSorted();
    const role = readTemplate(TEMPLATE).Resources['Role']?.Properties;
    const granted = interfaces(propertiesOf(stack, 'AWS::IAM::Policy'));
    expect(granted).toHaveLength(6);
    expect(granted).toEqual(interfaces(at(role, 'Policies')));
    expect(JSON.stringify(propertiesOf(stack, 'AWS::IAM::Role'))).not.toContain('AWSLambdaVPCAccess');
    expect(at(propertiesOf(stack, 'AWS::Lambda::Function')[0], 'VpcConfig')).toEqual({
      SecurityGroupIds: ['sg-0123456789abcdef0'],
      SubnetIds: ['subnet-0123456789abcdef0'],
    });
  });

  it.each([
    ['secret', 'secretsmanager:GetSecretValue', SECRET, 'PINGONE_GATEWAY_CREDENTIAL_SECRET', 'secretsmanager'],
    ['parameter', 'ssm:GetParameter', PARAMETER, 'PINGONE_GATEWAY_CREDENTIAL_PARAMETER', 'ssm'],
  ])(
    'reads exactly its %s, decrypts through the store alone, and writes its log',
    (kind, action, resource, variable, service) => {
      const stack = inStack();
      const credential =
        kind === 'secret'
          ? Secret.fromSecretCompleteArn(stack, 'Source', resource)
          : StringParameter.fromStringParameterArn(stack, 'Source', resource);
      authorizerIn(stack, { credential, credentialKey: Key.fromKeyArn(stack, 'Key', KEY) });
      const statements = propertiesOf(stack, 'AWS::IAM::Policy').flatMap(policy =>
        entriesOf(at(policy, 'PolicyDocument', 'Statement')),
      );
      const traces = (statement: Json) => JSON.stringify(statement).includes('xray:PutTraceSegments');
      expect(statements.map(([, statement]) => statement).filter(statement => !traces(statement))).toEqual([
        { Effect: 'Allow', Action: action, Resource: resource },
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: KEY,
          Condition: {
            StringEquals: {
              'kms:ViaService': { 'Fn::Join': ['', [`${service}.eu-central-1.`, { Ref: 'AWS::URLSuffix' }]] },
            },
          },
        },
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [expect.stringContaining('LogGroup'), 'Arn'] },
        },
      ]);
      expect(at(propertiesOf(stack, 'AWS::Lambda::Function')[0], 'Environment', 'Variables', variable)).toBe(resource);
      expect(
        propertiesOf(stack, 'AWS::IAM::Role').filter(role => JSON.stringify(role).includes('ExecutionRole')),
      ).toEqual([]);
    },
  );
});
