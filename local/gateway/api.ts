/** What is deployed: a REST, HTTP or WebSocket API with its stage, routes and the names that AWS gives it. */

export type ApiIdentity = {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly domainName: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
};

/** A resource template of a REST API, such as `/products/{productId}` or `/{proxy+}`. */
export type RestResource = { readonly id: string; readonly path: string; readonly methods: readonly string[] };

export type RestApi = ApiIdentity & {
  readonly resources: readonly RestResource[];
  /** Set where the request came through a custom domain; then the stage is not in the path. */
  readonly basePath?: string;
};

/** Routes such as `GET /products/{id}`, `ANY /{proxy+}` or `$default`. */
export type HttpApi = ApiIdentity & { readonly routes: readonly string[] };

export type WebSocketApi = ApiIdentity;

export const DEFAULT_STAGE = '$default';

export const apiIdentity = (apiId: string, stage: string, overrides: Partial<ApiIdentity> = {}): ApiIdentity => ({
  apiId,
  accountId: '123456789012',
  region: 'eu-west-1',
  partition: 'aws',
  domainName: `${apiId}.execute-api.${overrides.region ?? 'eu-west-1'}.amazonaws.com`,
  stage,
  stageVariables: {},
  ...overrides,
});

const domainPrefix = (api: ApiIdentity): string => api.domainName.split('.')[0] ?? '';

export const domainOf = (api: ApiIdentity): { readonly domainName: string; readonly domainPrefix: string } => ({
  domainName: api.domainName,
  domainPrefix: domainPrefix(api),
});

/** Concrete verb and path, never the template; `path` starts with a slash. */
export const methodArn = (api: ApiIdentity, method: string, path: string): string =>
  `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:${api.apiId}/${api.stage}/${method}${path}`;

export const connectArn = (api: ApiIdentity): string =>
  `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:${api.apiId}/${api.stage}/$connect`;

/** The same API under the name that the client used: a custom domain shows in `domainName`. */
export const reachedBy = <T extends ApiIdentity>(api: T, host: string | undefined): T =>
  host === undefined ? api : { ...api, domainName: host.replace(/:\d+$/, '') };
