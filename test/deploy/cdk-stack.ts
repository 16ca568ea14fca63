/** Stacks with the construct in them, for tests. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PingOneAuthorizer, type PingOneAuthorizerProps } from '../../deploy/cdk/index.ts';
import type { Json } from './templates.ts';

export const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:pingone-AbCdEf';
export const SERVICE_URL = 'https://http-access-api.pingone.eu/v1/environments/0';

export const inStack = (): Stack =>
  new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-central-1' } });

export const authorizerIn = (stack: Stack, props: Partial<PingOneAuthorizerProps> = {}): PingOneAuthorizer =>
  new PingOneAuthorizer(stack, 'PingOne', {
    pingOneServiceUrl: SERVICE_URL,
    credential: Secret.fromSecretCompleteArn(stack, 'Credential', SECRET),
    code: Code.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'authorizer.zip'),
    ...props,
  });

export const guardedRest = (stack: Stack, pingOne: PingOneAuthorizer): RestApi => {
  const api = new RestApi(stack, 'Rest', { cloudWatchRole: false });
  api.root.addMethod('ANY', new HttpIntegration('https://backend.example'), { authorizer: pingOne.restAuthorizer() });
  return api;
};

export const propertiesOf = (stack: Stack, type: string): readonly Json[] =>
  Object.values(Template.fromStack(stack).findResources(type)).map(resource => resource['Properties']);
