/** What Lambda says of a deployed function; read only. */
import type { Environment } from '../../src/config/configuration.ts';
import { CLIENT_SETTINGS, loadClient } from './optional-client.ts';

export interface DeployedFunction {
  readonly variables: Environment;
  readonly arn: string | undefined;
  /** Such as `nodejs24.x`; undefined for a container image. */
  readonly runtime: string | undefined;
  readonly handler: string | undefined;
  readonly timeoutMs: number | undefined;
}

/**
 * Reads a function's configuration with the AWS identity of this process. Rejects with AWS's own error.
 * @throws UsageError if AWS's client is not installed
 */
export const readDeployedFunction = async (name: string): Promise<DeployedFunction> => {
  const { LambdaClient, GetFunctionConfigurationCommand } = await loadClient(
    '@aws-sdk/client-lambda',
    '--function',
    () => import('@aws-sdk/client-lambda'),
  );
  const client = new LambdaClient(CLIENT_SETTINGS);
  try {
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return {
      variables: found.Environment?.Variables ?? {},
      arn: found.FunctionArn,
      runtime: found.Runtime,
      handler: found.Handler,
      timeoutMs: found.Timeout === undefined ? undefined : found.Timeout * 1000,
    };
  } finally {
    client.destroy();
  }
};
