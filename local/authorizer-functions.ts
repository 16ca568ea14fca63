/** The built authorizer as three Lambda functions, one per way of answering that the demo APIs show. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type LambdaFunction, startFunction } from './lambda/function.ts';
import { unpackToTaskRoot } from './lambda/unpack.ts';

export const ZIP = fileURLToPath(new URL('../dist/aws-lambda-authorizer.zip', import.meta.url));
export const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';

/** Above AUTHORIZER_DEADLINE_MS and below API Gateway's ten seconds. */
const TIMEOUT_MS = 9000;

export type AuthorizerFunctions = {
  /** IAM policies; a 401 of PingOne's is thrown. */
  readonly rest: LambdaFunction;
  /** IAM policies; a 401 of PingOne's is a denial with its challenge. */
  readonly stepUp: LambdaFunction;
  /** Simple responses. */
  readonly http: LambdaFunction;
  /** The slowest init of the three. */
  readonly initMs: number;
  close(): Promise<void>;
};

export const startAuthorizerFunctions = async (
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
  zip = ZIP,
): Promise<AuthorizerFunctions> => {
  const taskRoot = await unpackToTaskRoot(zip);
  const start = (name: string, variables: Readonly<Record<string, string>>): LambdaFunction =>
    startFunction({
      taskRoot,
      handler: HANDLER,
      env: { ...env, ...variables },
      timeoutMs: TIMEOUT_MS,
      onLine,
      identity: { name },
    });
  const rest = start('authorizer-rest', { UNAUTHORIZED_AS: 'throw' });
  const stepUp = start('authorizer-step-up', { UNAUTHORIZED_AS: 'deny' });
  const http = start('authorizer-http', { RESPONSE_FORMAT: 'simple' });
  const all = [rest, stepUp, http];
  const close = async (): Promise<void> => {
    await Promise.all(all.map(lambda => lambda.close()));
    await rm(taskRoot, { recursive: true, force: true });
  };
  try {
    await Promise.all(all.map(lambda => lambda.warm()));
  } catch (error) {
    await close();
    throw error;
  }
  const inits = all.flatMap(lambda => lambda.environments.map(({ initMs }) => initMs));
  return { rest, stepUp, http, initMs: Math.max(...inits), close };
};
