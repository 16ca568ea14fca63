/** AWS Secrets Manager and SSM Parameter Store on loopback, as the AWS SDK calls them: JSON 1.1 over POST. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  answer,
  notFound,
  parameterAnswer,
  type SecretFault,
  type SecretStore,
  type SecretValue,
  secretAnswer,
  suffer,
} from './secret-store-answers.ts';
import { isObject } from './sideband-answers.ts';
import type { TlsMaterial } from './tls.ts';

export interface SecretCall {
  readonly store: SecretStore;
  readonly name: string;
  readonly withDecryption: boolean;
  /** The call was signed with AWS signature version 4. */
  readonly signed: boolean;
  /** The region that the signature is for. */
  readonly region: string | undefined;
}

export interface FakeSecretStores {
  readonly url: string;
  /** The variables that point the AWS SDK here, with credentials. */
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: readonly SecretCall[];
  callCount(store: SecretStore): number;
  /** Connections that were opened, with a whole handshake over TLS. */
  readonly connections: number;
  /** Changes a value from the next call on; undefined removes it. */
  put(store: SecretStore, name: string, value: SecretValue | undefined): void;
  /** One fault for each call. */
  script(...faults: readonly SecretFault[]): void;
  /** The fault of every call after the script is used up; undefined for values. */
  otherwise(fault: SecretFault | undefined): void;
  /** Throws if a scripted fault was not used, or a call was unknown to these services. */
  done(): void;
  close(): Promise<void>;
}

const TARGETS: Readonly<Record<string, SecretStore>> = {
  'secretsmanager.GetSecretValue': 'secretsmanager',
  'AmazonSSM.GetParameter': 'ssm',
};

const storedName = (store: SecretStore, nameOrArn: string): string =>
  store === 'secretsmanager'
    ? nameOrArn.replace(/^arn:aws[a-z-]*:secretsmanager:[^:]*:\d*:secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '')
    : nameOrArn.replace(/^arn:aws[a-z-]*:ssm:[^:]*:\d*:parameter/, '');

const readJson = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const body: unknown = JSON.parse(text);
  if (!isObject(body)) throw new Error('fake secret stores: a call without a JSON object');
  return body;
};

/** Starts both stores on one free port, over TLS if a certificate is given. */
export const startFakeSecretStores = async (tls?: TlsMaterial): Promise<FakeSecretStores> => {
  const values = new Map<string, SecretValue>();
  const script: SecretFault[] = [];
  const calls: SecretCall[] = [];
  const unknown: string[] = [];
  let otherwise: SecretFault | undefined;
  let connections = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readJson(request);
    const target = String(request.headers['x-amz-target']);
    const store = TARGETS[target];
    if (store === undefined || request.method !== 'POST') {
      unknown.push(`${request.method} ${target}`);
      answer(response, 400, { __type: 'UnknownOperationException' });
      return;
    }
    const name = String(body[store === 'ssm' ? 'Name' : 'SecretId']);
    const withDecryption = body['WithDecryption'] === true;
    const authorization = request.headers.authorization ?? '';
    const signed = authorization.startsWith('AWS4-HMAC-SHA256 ');
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1];
    calls.push({ store, name, withDecryption, signed, region });

    const fault = script.shift() ?? otherwise;
    if (fault !== undefined && !(await suffer(fault, store, response))) return;
    const value = values.get(`${store} ${name}`) ?? values.get(`${store} ${storedName(store, name)}`);
    if (value === undefined) answer(response, 400, notFound(store));
    else if (store === 'ssm') answer(response, 200, parameterAnswer(name, value, withDecryption));
    else answer(response, 200, secretAnswer(name, value));
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      unknown.push(String(error));
      response.destroy();
    });
  };
  const server =
    tls === undefined ? createServer(serve) : createTlsServer({ key: tls.keyPem, cert: tls.certPem }, serve);
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake secret stores have no port');
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;

  return {
    url,
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_SSM: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    calls,
    get connections() {
      return connections;
    },
    callCount: store => calls.filter(call => call.store === store).length,
    put: (store, name, value) => {
      const key = `${store} ${name}`;
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
    script: (...faults) => {
      script.push(...faults);
    },
    otherwise: fault => {
      otherwise = fault;
    },
    done: () => {
      const complaints = [...script.map(({ kind }) => `scripted but not met: ${kind}`), ...unknown];
      if (complaints.length > 0) throw new Error(`fake secret stores: ${complaints.join('; ')}`);
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
