/** What of AWS's own interfaces the command reads: a function's configuration and an API's authorizers, over HTTP. */
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Variables } from './command.ts';

export interface FakeAws {
  /** Of `GetFunctionConfiguration`; a function of another name is not found. */
  readonly function?: object;
  /** Of `GetAuthorizers`, for REST APIs and for HTTP APIs. */
  readonly rest?: readonly object[];
  readonly http?: readonly object[];
}

export const FUNCTION = 'authorizer';
/** What an API calls: the function, or a version or alias of it. */
export const uriOf = (version = ''): string =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:${FUNCTION}${version}/invocations`;
/** A function's configuration as Lambda tells it, with these variables. */
export const functionWith = (variables: Variables, changes: object = {}): object => ({
  FunctionName: FUNCTION,
  FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${FUNCTION}`,
  Runtime: 'nodejs24.x',
  Handler: 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler',
  Timeout: 8,
  Environment: { Variables: variables },
  ...changes,
});

/** Starts it for one test; returns the variables that lead AWS's clients there. */
export const startFakeAws = async (answers: FakeAws): Promise<Variables> => {
  const bodies: Readonly<Record<string, unknown>> = {
    [`/2015-03-31/functions/${FUNCTION}/configuration`]: answers.function,
    [`/2015-03-31/functions/${encodeURIComponent(`${FUNCTION}:live`)}/configuration`]: answers.function,
    '/restapis/rest1/authorizers': answers.rest && { item: answers.rest },
    '/v2/apis/http1/authorizers': answers.http && { items: answers.http },
  };
  const server = createServer((request, response) => {
    const body = bodies[request.url?.split('?')[0] ?? ''];
    const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true && request.method === 'GET';
    response.writeHead(body === undefined ? 404 : signed ? 200 : 403, {
      'content-type': 'application/json',
      ...(body === undefined ? { 'x-amzn-errortype': 'ResourceNotFoundException' } : {}),
    });
    response.end(JSON.stringify(body ?? { message: 'not found' }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake AWS has no port');
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
  };
};
