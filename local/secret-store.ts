/** A local AWS Secrets Manager with one secret in it, reached by AWS_ENDPOINT_URL_SECRETS_MANAGER. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord, type LoopbackServer, listenOnLoopback, parseJson, readBody } from './loopback.ts';

export type SecretStoreOptions = {
  readonly name: string;
  /** Asked on each call, so that a rotated secret is found. */
  readonly secret: () => string;
  readonly onRead?: () => void;
};

const TARGET = 'secretsmanager.GetSecretValue';

const write = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
};

export const startSecretStore = ({ name, secret, onRead }: SecretStoreOptions): Promise<LoopbackServer> => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = parseJson((await readBody(request))?.toString() ?? '');
    const wanted = isRecord(body) ? body['SecretId'] : undefined;
    if (request.headers['x-amz-target'] !== TARGET)
      write(response, 400, { __type: 'UnknownOperationException', message: `only ${TARGET} is served here` });
    else if (wanted !== name)
      write(response, 400, {
        __type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    else {
      onRead?.();
      const arn = `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
      write(response, 200, { ARN: arn, Name: name, SecretString: secret(), VersionStages: ['AWSCURRENT'] });
    }
  };
  return listenOnLoopback((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
};
