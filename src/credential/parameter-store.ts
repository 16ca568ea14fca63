/** Reads the credential from SSM Parameter Store; a bundle file of its own, loaded when this store is configured. */
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clientSettings, secretText, withClient } from './store-client.ts';

/** Fetches and decrypts a parameter by name or ARN: a new provider has cached nothing. Rejects with its GetParameterError. */
export const fetchParameter = (id: string, signal: AbortSignal, region?: string): Promise<string> =>
  withClient(new SSMClient(clientSettings(region)), signal, async client =>
    secretText(await new SSMProvider({ awsSdkV3Client: client }).get(id, { decrypt: true })),
  );
