/** A REST API whose clients learn why they were refused, and whose backend gets a header that a policy sets. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Cors, HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { addReasonResponses, PingOneAuthorizer } from 'pingone-lambda-authorizer/cdk';

export class RestApiStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pingOne = new PingOneAuthorizer(this, 'PingOne', {
      pingOneServiceUrl: 'https://http-access-api.pingone.eu/v1/environments/your-environment-id',
      credential: Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential'),
      forwardHeaders: ['X-User-Id'],
    });

    const api = new RestApi(this, 'Orders', {
      // For every method, so that none is forgotten: addProxy() makes one for the root that asks nobody.
      defaultMethodOptions: { authorizer: pingOne.restAuthorizer() },
      // OPTIONS gets a method of its own, without authorizer: a browser asks with it before it sends a token.
      defaultCorsPreflightOptions: {
        allowOrigins: ['https://app.example.com'],
        allowMethods: Cors.ALL_METHODS,
        allowHeaders: ['Authorization', 'Content-Type'],
      },
    });
    const integration = new HttpIntegration('https://backend.example.com/{proxy}', {
      httpMethod: 'ANY',
      options: {
        requestParameters: {
          'integration.request.path.proxy': 'method.request.path.proxy',
          'integration.request.header.X-User-Id': 'context.authorizer.hdr_x_user_id',
        },
      },
    });
    api.root.addMethod('ANY', new HttpIntegration('https://backend.example.com/', { httpMethod: 'ANY' }));
    api.root.addProxy({
      defaultIntegration: integration,
      defaultMethodOptions: { requestParameters: { 'method.request.path.proxy': true } },
    });
    addReasonResponses(api, { format: 'problem', allowedOrigin: 'https://app.example.com' });
  }
}

export const app = new App();
new RestApiStack(app, 'OrdersApi');
