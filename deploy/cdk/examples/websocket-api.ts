/** A WebSocket API: PingOne decides once, at the handshake. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { PingOneAuthorizer } from 'pingone-lambda-authorizer/cdk';

export class WebSocketApiStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pingOne = new PingOneAuthorizer(this, 'PingOne', {
      pingOneServiceUrl: 'https://http-access-api.pingone.eu/v1/environments/your-environment-id',
      credential: Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential'),
    });

    // Put your own integrations here; messages on an open connection are not decided again.
    const webSocketApi = new WebSocketApi(this, 'Chat', {
      connectRouteOptions: {
        integration: new WebSocketMockIntegration('Connect'),
        authorizer: pingOne.webSocketAuthorizer(),
      },
      defaultRouteOptions: { integration: new WebSocketMockIntegration('Messages') },
    });
    new WebSocketStage(this, 'Stage', { webSocketApi, stageName: 'prod', autoDeploy: true });
  }
}

export const app = new App();
new WebSocketApiStack(app, 'ChatApi');
