/** Attaches the function to an API as its authorizer, with the settings that API Gateway defaults wrongly set right. */
import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { type IAuthorizer, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import {
  AuthorizerPayloadVersion,
  HttpAuthorizer,
  HttpAuthorizerType,
  type HttpRouteAuthorizerBindOptions,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';

/** Off: a decision about one request must not answer another. API Gateway's default is 300 s, CDK's as well. */
const resultsCacheTtl = Duration.seconds(0);

/** An identity source would answer 401 by itself, before PingOne hears of the request. CDK writes an empty one; AWS documents none. */
function withoutIdentitySource<T extends IConstruct>(authorizer: T): T {
  for (const child of authorizer.node.children.filter(CfnResource.isCfnResource)) {
    child.addPropertyDeletionOverride('IdentitySource');
  }
  return authorizer;
}

export function restAuthorizer(scope: Construct, id: string, handler: IFunction): IAuthorizer {
  return withoutIdentitySource(new RequestAuthorizer(scope, id, { handler, identitySources: [], resultsCacheTtl }));
}

/** CDK's HttpLambdaAuthorizer sends payload 1.0 for IAM responses; 2.0 keeps the query as the client typed it. */
export function httpAuthorizer(id: string, handler: IFunction, enableSimpleResponses: boolean): IHttpRouteAuthorizer {
  let attached: { readonly apiId: string; readonly authorizerId: string } | undefined;

  const attach = ({ route, scope }: HttpRouteAuthorizerBindOptions) => {
    const { httpApi } = route;
    const { partition, region } = Stack.of(handler);
    const authorizer = new HttpAuthorizer(scope, id, {
      httpApi,
      authorizerName: id,
      type: HttpAuthorizerType.LAMBDA,
      identitySource: [],
      payloadFormatVersion: AuthorizerPayloadVersion.VERSION_2_0,
      enableSimpleResponses,
      resultsCacheTtl,
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`,
    });
    const { authorizerId } = withoutIdentitySource(authorizer);
    handler.addPermission(`${id}-${httpApi.node.addr}`, {
      scope,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      // As API Gateway calls; a permission on a route's ARN ends in 500 for every request.
      sourceArn: Stack.of(scope).formatArn({
        service: 'execute-api',
        resource: httpApi.apiId,
        resourceName: `authorizers/${authorizerId}`,
      }),
    });
    return { apiId: httpApi.apiId, authorizerId };
  };

  return {
    bind: options => {
      attached ??= attach(options);
      if (attached.apiId !== options.route.httpApi.apiId) {
        throw new Error(
          `The authorizer "${id}" guards another HTTP API already: call httpAuthorizer('another id') for this one.`,
        );
      }
      return { authorizerId: attached.authorizerId, authorizationType: 'CUSTOM' };
    },
  };
}
