/** Reads the credential from AWS Secrets Manager; a bundle file of its own, loaded when this store is configured. */
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings, secretText, withClient } from './store-client.ts';

/** Fetches a secret by name or ARN: a new provider has cached nothing. Rejects with Powertools' GetParameterError. */
export const fetchSecret = (id: string, signal: AbortSignal, region?: string): Promise<string> =>
  withClient(new SecretsManagerClient(clientSettings(region)), signal, async client =>
    secretText(await new SecretsProvider({ awsSdkV3Client: client }).get(id)),
  );
