/** The Lambda authorizers of an API, in one form for REST and HTTP APIs; read only. */
import type { ApiName } from '../command-line.ts';
import { CLIENT_SETTINGS, loadClient } from './optional-client.ts';

export interface ApiAuthorizer {
  readonly name: string;
  readonly type: string;
  /** Holds the function's ARN. */
  readonly uri: string;
  /** How long an answer is kept, in seconds; 0 is not at all. */
  readonly cacheSeconds: number;
  readonly identitySources: readonly string[];
  /** HTTP APIs: `2.0` or `1.0`. */
  readonly payloadVersion: string | undefined;
  /** HTTP APIs: whether answers are simple responses. */
  readonly simpleResponses: boolean;
}

/**
 * Reads them with the AWS identity of this process. Rejects with AWS's own error.
 * @throws UsageError if AWS's client is not installed
 */
export const readAuthorizers = ({ kind, id }: ApiName): Promise<readonly ApiAuthorizer[]> =>
  kind === 'rest' ? ofRestApi(id) : ofHttpApi(id);

/** Where an authorizer of a REST API names no time, API Gateway keeps answers for so many seconds. */
const REST_DEFAULT_CACHE_SECONDS = 300;

async function ofRestApi(restApiId: string): Promise<readonly ApiAuthorizer[]> {
  const { APIGatewayClient, GetAuthorizersCommand } = await loadClient(
    '@aws-sdk/client-api-gateway',
    '--rest-api',
    () => import('@aws-sdk/client-api-gateway'),
  );
  const client = new APIGatewayClient(CLIENT_SETTINGS);
  try {
    const { items = [] } = await client.send(new GetAuthorizersCommand({ restApiId, limit: 500 }));
    return items
      .filter(({ type }) => type !== 'COGNITO_USER_POOLS')
      .map(({ name, type, authorizerUri, authorizerResultTtlInSeconds, identitySource }) => ({
        name: name ?? 'unnamed',
        type: type ?? 'unknown',
        uri: authorizerUri ?? '',
        cacheSeconds: authorizerResultTtlInSeconds ?? REST_DEFAULT_CACHE_SECONDS,
        identitySources: (identitySource ?? '').split(',').filter(source => source !== ''),
        payloadVersion: undefined,
        simpleResponses: false,
      }));
  } finally {
    client.destroy();
  }
}

async function ofHttpApi(apiId: string): Promise<readonly ApiAuthorizer[]> {
  const { ApiGatewayV2Client, GetAuthorizersCommand } = await loadClient(
    '@aws-sdk/client-apigatewayv2',
    '--http-api',
    () => import('@aws-sdk/client-apigatewayv2'),
  );
  const client = new ApiGatewayV2Client(CLIENT_SETTINGS);
  try {
    const { Items = [] } = await client.send(new GetAuthorizersCommand({ ApiId: apiId, MaxResults: '500' }));
    return Items.filter(({ AuthorizerType }) => AuthorizerType !== 'JWT').map(authorizer => ({
      name: authorizer.Name ?? 'unnamed',
      type: authorizer.AuthorizerType ?? 'unknown',
      uri: authorizer.AuthorizerUri ?? '',
      cacheSeconds: authorizer.AuthorizerResultTtlInSeconds ?? 0,
      identitySources: authorizer.IdentitySource ?? [],
      payloadVersion: authorizer.AuthorizerPayloadFormatVersion,
      simpleResponses: authorizer.EnableSimpleResponses ?? false,
    }));
  } finally {
    client.destroy();
  }
}
