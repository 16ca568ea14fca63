/** The environment variables of a function's process: what Lambda sets, what the function's owner configured, nothing of ours. */

export type FunctionIdentity = {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly memoryMb: number;
};

export const DEFAULT_IDENTITY: FunctionIdentity = {
  name: 'aws-lambda-authorizer',
  region: 'eu-west-1',
  accountId: '123456789012',
  memoryMb: 512,
};

export const functionArn = ({ name, region, accountId }: FunctionIdentity): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

export type ChildEnvironmentOptions = {
  readonly identity: FunctionIdentity;
  readonly taskRoot: string;
  readonly handler: string;
  readonly runtimeApi: string;
  readonly maxConcurrency?: number;
  readonly configured: Readonly<Record<string, string>>;
};

export const childEnvironment = (options: ChildEnvironmentOptions): Record<string, string> => {
  const { identity, maxConcurrency } = options;
  return {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_REGION: identity.region,
    AWS_DEFAULT_REGION: identity.region,
    AWS_LAMBDA_FUNCTION_NAME: identity.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(identity.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: maxConcurrency === undefined ? 'on-demand' : 'lambda-managed-instances',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${identity.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]local',
    // A role's temporary credentials; nothing that they open exists.
    AWS_ACCESS_KEY_ID: 'ASIALOCALENVIRONMENT',
    AWS_SECRET_ACCESS_KEY: 'local-secret-access-key',
    AWS_SESSION_TOKEN: 'local-session-token',
    ...options.configured,
    AWS_LAMBDA_RUNTIME_API: options.runtimeApi,
    LAMBDA_TASK_ROOT: options.taskRoot,
    _HANDLER: options.handler,
    ...(maxConcurrency === undefined ? {} : { AWS_LAMBDA_MAX_CONCURRENCY: String(maxConcurrency) }),
  };
};
