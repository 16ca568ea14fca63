/** Stacks with the construct in them, for tests: in apps with the flags of a new one, unless a test says otherwise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** What `cdk init` writes into the cdk.json of a new app. */
export const RECOMMENDED_FLAGS: Readonly<Record<string, unknown>> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/** CDK never removes what it synthesizes; all test files of a worker use it, so that it goes with the worker. */
const synthesized = mkdtempSync(join(tmpdir(), 'cdk-stack-'));
process.once('exit', () => rmSync(synthesized, { recursive: true, force: true }));

export const inStack = (context: Readonly<Record<string, unknown>> = RECOMMENDED_FLAGS, validated = true): Stack => {
  const app = new App({
    context: { ...context },
    outdir: mkdtempSync(join(synthesized, 'app-')),
    builtinCloudFormationValidation: validated,
  });
  return new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-central-1' } });
};

/** CDK's own validation is most of the work of a synthesis; cdk.test.ts and cdk-examples.test.ts have it on. */
export const inUnvalidatedStack = (): Stack => inStack(RECOMMENDED_FLAGS, false);

export const authorizerIn = (
  stack: Stack,
  props: Partial<PingOneAuthorizerProps> = {},
  id = 'PingOne',
): PingOneAuthorizer =>
  new PingOneAuthorizer(stack, id, {
    pingOneServiceUrl: SERVICE_URL,
    credential: Secret.fromSecretCompleteArn(stack, `${id}Credential`, SECRET),
    code: Code.fromBucket(Bucket.fromBucketName(stack, `${id}Bucket`, 'bucket'), 'authorizer.zip'),
    ...props,
  });

export const guardedRest = (stack: Stack, pingOne: PingOneAuthorizer): RestApi => {
  const api = new RestApi(stack, 'Rest', { cloudWatchRole: false });
  api.root.addMethod('ANY', new HttpIntegration('https://backend.example'), { authorizer: pingOne.restAuthorizer() });
  return api;
};

export const propertiesOf = (stack: Stack, type: string): readonly Json[] =>
  Object.values(Template.fromStack(stack).findResources(type)).map(resource => resource['Properties']);
