/** One authorizer with alarms and dashboards, and the APIs of two teams in stacks of their own. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  AuthorizerAlarms,
  AuthorizerDashboards,
  addReasonResponses,
  PingOneAuthorizer,
} from 'pingone-lambda-authorizer/cdk';

class AuthorizerStack extends Stack {
  readonly pingOne: PingOneAuthorizer;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.pingOne = new PingOneAuthorizer(this, 'PingOne', {
      pingOneServiceUrl: 'https://http-access-api.pingone.eu/v1/environments/your-environment-id',
      credential: Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential'),
      provisionedConcurrency: 2,
    });
    const topic = new Topic(this, 'OnCall', { enforceSSL: true });
    new AuthorizerAlarms(this, 'Alarms', { authorizer: this.pingOne, topic, failClosedPercent: 2 });
    new AuthorizerDashboards(this, 'Dashboards', { authorizer: this.pingOne });
  }
}

class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, pingOne: PingOneAuthorizer, props?: StackProps) {
    super(scope, id, props);
    const orders = new RestApi(this, 'Orders');
    // The scope is this stack: an authorizer belongs to its API.
    const authorizer = pingOne.restAuthorizer('OrdersAuthorizer', this);
    orders.root.addMethod('GET', new HttpIntegration('https://orders.example.com'), { authorizer });
    addReasonResponses(orders);
  }
}

class PaymentsStack extends Stack {
  constructor(scope: Construct, id: string, pingOne: PingOneAuthorizer, props?: StackProps) {
    super(scope, id, props);
    const integration = new HttpUrlIntegration('Backend', 'https://payments.example.com');
    const authorizer = pingOne.httpAuthorizer('PaymentsAuthorizer');
    new HttpApi(this, 'Payments').addRoutes({ path: '/{proxy+}', integration, authorizer });
  }
}

export const app = new App();
const { pingOne } = new AuthorizerStack(app, 'Authorizer');
new OrdersStack(app, 'OrdersApi', pingOne);
new PaymentsStack(app, 'PaymentsApi', pingOne);
