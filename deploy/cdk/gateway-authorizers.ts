/** Attaches the function to an API as its authorizer, with the settings that API Gateway defaults wrongly set right. */
import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { type IAuthorizer, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import {
  AuthorizerPayloadVersion,
  HttpAuthorizer,
  HttpAuthorizerType,
  type IHttpRouteAuthorizer,
  type IWebSocketRouteAuthorizer,
  WebSocketAuthorizer,
  WebSocketAuthorizerType,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';

/** Off: a decision about one request must not answer another. API Gateway's default is 300 s, CDK's as well. */
const resultsCacheTtl = Duration.seconds(0);

export function restAuthorizer(scope: Construct, id: string, handler: IFunction): IAuthorizer {
  return withoutIdentitySource(new RequestAuthorizer(scope, id, { handler, identitySources: [], resultsCacheTtl }));
}

/** CDK's HttpLambdaAuthorizer sends payload 1.0 for IAM responses; 2.0 keeps the query as the client typed it. */
export function httpAuthorizer(id: string, handler: IFunction, enableSimpleResponses: boolean): IHttpRouteAuthorizer {
  const attach = attachedOnce(id, 'HTTP', handler, 'httpAuthorizer');
  return {
    bind: ({ scope, route: { httpApi } }) =>
      attach(
        scope,
        httpApi,
        () =>
          new HttpAuthorizer(scope, id, {
            httpApi,
            authorizerName: id,
            type: HttpAuthorizerType.LAMBDA,
            identitySource: [],
            payloadFormatVersion: AuthorizerPayloadVersion.VERSION_2_0,
            enableSimpleResponses,
            resultsCacheTtl,
            authorizerUri: authorizerUri(handler),
          }),
      ),
  };
}

/** For `$connect`, the only route that can be authorized. Nothing is cached here: a WebSocket API has no result TTL. */
export function webSocketAuthorizer(id: string, handler: IFunction): IWebSocketRouteAuthorizer {
  const attach = attachedOnce(id, 'WebSocket', handler, 'webSocketAuthorizer');
  return {
    bind: ({ scope, route: { webSocketApi } }) =>
      attach(
        scope,
        webSocketApi,
        () =>
          new WebSocketAuthorizer(scope, id, {
            webSocketApi,
            authorizerName: id,
            type: WebSocketAuthorizerType.LAMBDA,
            identitySource: [],
            authorizerUri: authorizerUri(handler),
          }),
      ),
  };
}

/** What an API's definition names as its authorizer. */
export function authorizerUri(handler: IFunction): string {
  const { partition, region } = Stack.of(handler);
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`;
}

interface AttachedApi {
  readonly apiId: string;
  readonly node: { readonly addr: string };
}

type AttachedAuthorizer = IConstruct & { readonly authorizerId: string };

/** Makes the authorizer and its permission for the first route of an API, and gives the same to its other routes. */
function attachedOnce(id: string, kind: string, handler: IFunction, method: string) {
  let attached: { readonly apiId: string; readonly authorizerId: string } | undefined;
  return (scope: Construct, { apiId, node }: AttachedApi, make: () => AttachedAuthorizer) => {
    if (attached === undefined) {
      const { authorizerId } = withoutIdentitySource(make());
      attached = { apiId, authorizerId };
      handler.addPermission(`${id}-${node.addr}`, {
        scope,
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        // As API Gateway calls; a permission on a route's ARN ends in 500 for every request.
        sourceArn: Stack.of(scope).formatArn({
          service: 'execute-api',
          resource: apiId,
          resourceName: `authorizers/${authorizerId}`,
        }),
      });
    }
    if (attached.apiId !== apiId) {
      throw new Error(
        `The authorizer "${id}" guards another ${kind} API already: call ${method}('another id') for this one.`,
      );
    }
    return { authorizerId: attached.authorizerId, authorizationType: 'CUSTOM' };
  };
}

/** An identity source would answer 401 by itself, before PingOne hears of the request. CDK writes an empty one; AWS documents none. */
function withoutIdentitySource<T extends IConstruct>(authorizer: T): T {
  for (const child of authorizer.node.children.filter(CfnResource.isCfnResource)) {
    child.addPropertyDeletionOverride('IdentitySource');
  }
  return authorizer;
}

/** An API of another account. */
export interface CrossAccountApi {
  /** Twelve digits. */
  readonly account: string;
  /** @default every API of that account in the function's region */
  readonly apiId?: string;
}

/** Lets the authorizers of another account's API call the function, and of no other account. */
export function grantApi(handler: IFunction, { account, apiId = '*' }: CrossAccountApi): void {
  if (!/^\d{12}$/.test(account)) throw new Error('crossAccountApis: account must be twelve digits.');
  const { partition, region } = Stack.of(handler);
  handler.addPermission(`CrossAccount-${account}-${apiId === '*' ? 'all' : apiId}`, {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceAccount: account,
    sourceArn: `arn:${partition}:execute-api:${region}:${account}:${apiId}/authorizers/*`,
  });
}
