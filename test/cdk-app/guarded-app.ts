/** What its author writes into a new CDK app to guard a REST API and an HTTP API, and tests. */

export const STACK = `
import * as cdk from 'aws-cdk-lib/core';
import { HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { addReasonResponses, PingOneAuthorizer } from 'pingone-lambda-authorizer/cdk';

export class GuardedStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const credential = Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential');
    const pingOne = new PingOneAuthorizer(this, 'PingOne', { pingOneServiceUrl: 'https://h.example/v1', credential });
    const restApi = new RestApi(this, 'Rest');
    restApi.root.addMethod('ANY', new HttpIntegration('https://b.example'), { authorizer: pingOne.restAuthorizer() });
    addReasonResponses(restApi, { format: 'problem' });
    const integration = new HttpUrlIntegration('Backend', 'https://b.example');
    new HttpApi(this, 'Http').addRoutes({ path: '/{proxy+}', integration, authorizer: pingOne.httpAuthorizer() });
  }
}
`;

export const TEST = `
import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import * as Guarded from '../lib/guarded-stack';

test('Both APIs are guarded', () => {
  const stack = new Guarded.GuardedStack(new cdk.App(), 'MyTestStack');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ApiGateway::Authorizer', 1);
  template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
});
`;
