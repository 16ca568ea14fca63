/** The AWS credentials of the function's role, from the two places where Lambda puts them; other places belong to other hosts. */
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';

/**
 * Reads them anew at each call: from the variables that every function has, else from the container endpoint, which an
 * environment restored from a snapshot has. Rejects with the SDK's `CredentialsProviderError` if neither is there.
 */
export const roleCredentials = async (): Promise<AwsCredentials> => {
  try {
    return await fromEnv()();
  } catch {
    return await fromHttp(ENDPOINT)();
  }
};

type AwsCredentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;

/** The endpoint is in the same machine: what takes longer than this, in ms, will not come. */
const ENDPOINT = { timeout: 1000, maxRetries: 1 };
