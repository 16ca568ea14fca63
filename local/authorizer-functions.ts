/** The built authorizer as three Lambda functions, one per way of answering that the demo APIs show. */
import { fileURLToPath } from 'node:url';
import { type FunctionOptions, type LambdaFunction, startFunction } from './lambda/function.ts';
import { unpackToTaskRoot } from './lambda/unpack.ts';
import { LOOPBACK } from './loopback.ts';
import { removeTemporaryFolder } from './temporary-folder.ts';

export const ZIP = fileURLToPath(new URL('../dist/aws-lambda-authorizer.zip', import.meta.url));
export const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';

/** The function names, in the order of `inspectorPorts`. */
export const FUNCTION_NAMES = ['authorizer-rest', 'authorizer-step-up', 'authorizer-http'] as const;

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

export type AuthorizerFunctionsOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** The folder of the unpacked code; the zip is unpacked for this run where missing. */
  readonly taskRoot?: string;
  /** Inspector ports for the rest, step-up and http function: each keeps one process, which no timeout ends. */
  readonly inspectorPorts?: readonly number[];
};

const ONE_HOUR_MS = 3_600_000;

const inspected = (port: number): Partial<FunctionOptions> => ({
  nodeArguments: [`--inspect=${LOOPBACK}:${port}`, '--enable-source-maps'],
  maxEnvironments: 1,
  timeoutMs: ONE_HOUR_MS,
});

export const startAuthorizerFunctions = async ({
  env,
  onLine,
  taskRoot: given,
  inspectorPorts = [],
}: AuthorizerFunctionsOptions): Promise<AuthorizerFunctions> => {
  const taskRoot = given ?? (await unpackToTaskRoot(ZIP));
  const start = (index: number, name: string, variables: Readonly<Record<string, string>>): LambdaFunction => {
    const port = inspectorPorts[index];
    return startFunction({
      taskRoot,
      handler: HANDLER,
      env: { ...env, ...variables },
      timeoutMs: TIMEOUT_MS,
      onLine,
      identity: { name },
      ...(port === undefined ? {} : inspected(port)),
    });
  };
  const [restName, stepUpName, httpName] = FUNCTION_NAMES;
  const rest = start(0, restName, { UNAUTHORIZED_AS: 'throw' });
  const stepUp = start(1, stepUpName, { UNAUTHORIZED_AS: 'deny' });
  const http = start(2, httpName, { RESPONSE_FORMAT: 'simple' });
  const all = [rest, stepUp, http];
  const close = async (): Promise<void> => {
    await Promise.all(all.map(lambda => lambda.close()));
    if (given === undefined) await removeTemporaryFolder(taskRoot);
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
