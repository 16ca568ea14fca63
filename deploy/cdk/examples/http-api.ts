/** An HTTP API with simple responses, a free route, and a preflight that API Gateway answers by itself. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { PingOneAuthorizer } from 'pingone-lambda-authorizer/cdk';

export class HttpApiStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pingOne = new PingOneAuthorizer(this, 'PingOne', {
      pingOneServiceUrl: 'https://http-access-api.pingone.eu/v1/environments/your-environment-id',
      credential: Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential'),
      responseFormat: 'simple',
    });

    const api = new HttpApi(this, 'Orders', {
      corsPreflight: {
        allowOrigins: ['https://app.example.com'],
        allowMethods: [CorsHttpMethod.ANY],
        allowHeaders: ['authorization', 'content-type'],
      },
    });
    const integration = new HttpUrlIntegration('Backend', 'https://backend.example.com/{proxy}');
    api.addRoutes({ path: '/{proxy+}', integration, authorizer: pingOne.httpAuthorizer() });
    for (const [path, method] of [
      ['/{proxy+}', HttpMethod.OPTIONS],
      ['/health', HttpMethod.GET],
    ] as const) {
      api.addRoutes({ path, methods: [method], integration, authorizer: new HttpNoneAuthorizer() });
    }
  }
}

export const app = new App();
new HttpApiStack(app, 'OrdersApi');
