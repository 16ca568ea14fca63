/** The service that serverless-offline runs: three APIs, small backends, and the built authorizer in front of them. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HANDLER, ZIP } from '../../local/authorizer-functions.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';

export type Ports = { readonly http: number; readonly lambda: number; readonly websocket: number };

export type ServiceOptions = {
  /** Where serverless-offline is installed. */
  readonly installation: string;
  readonly ports: Ports;
  readonly environment: Readonly<Record<string, string>>;
};

export type Service = {
  readonly folder: string;
  /** One authorizer event per line, from the routes below `/…/witnessed`. */
  readonly eventsFile: string;
  remove(): Promise<void>;
};

const BACKEND = `
const told = event => event.requestContext.authorizer;
const json = body => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
exports.rest = async event => json(told(event));
exports.http = async event => json(told(event).lambda);
exports.connect = async event => ({ statusCode: told(event)?.effect === 'permit' ? 200 : 502 });
`;

/** The built authorizer again, behind a note of each event: only with those is it known how odd they were. */
const witness = (eventsFile: string): string => `
import { appendFileSync } from 'node:fs';
import { handler as authorize } from './code/${HANDLER.slice(0, HANDLER.lastIndexOf('.'))}.mjs';
export const handler = (event, context) => {
  appendFileSync(${JSON.stringify(eventsFile)}, JSON.stringify(event) + '\\n');
  return authorize(event, context);
};
`;

const SIMPLE = { RESPONSE_FORMAT: 'simple' };

const configuration = ({ ports, environment }: ServiceOptions) => {
  const httpAuthorizer = (functionName: string) => ({
    type: 'request',
    functionName,
    enableSimpleResponses: true,
    payloadVersion: '2.0',
    resultTtlInSeconds: 0,
  });
  // An empty identity source is what lets a request without a token reach the authorizer.
  const rest = (route: string, name: string) => ({
    http: {
      method: 'get',
      path: `/rest/${route}/{id}`,
      authorizer: { name, type: 'request', resultTtlInSeconds: 0, identitySource: '' },
    },
  });
  const http = (route: string, name: string) => ({
    httpApi: { method: 'GET', path: `/http/${route}/{id}`, authorizer: { name } },
  });
  return {
    service: 'authorizer-smoke',
    frameworkVersion: '*',
    plugins: ['serverless-offline'],
    provider: {
      name: 'aws',
      runtime: 'nodejs20.x',
      stage: 'dev',
      environment,
      httpApi: { authorizers: { simple: httpAuthorizer('simple'), simpleSeen: httpAuthorizer('simpleSeen') } },
    },
    custom: {
      'serverless-offline': {
        host: '127.0.0.1',
        httpPort: ports.http,
        lambdaPort: ports.lambda,
        websocketPort: ports.websocket,
        noPrependStageInUrl: true,
      },
    },
    functions: {
      iam: { handler: `code/${HANDLER}` },
      simple: { handler: `code/${HANDLER}`, environment: SIMPLE },
      iamSeen: { handler: 'witness.handler' },
      simpleSeen: { handler: 'witness.handler', environment: SIMPLE },
      rest: { handler: 'backend.rest', events: [rest('orders', 'iam'), rest('witnessed', 'iamSeen')] },
      http: { handler: 'backend.http', events: [http('orders', 'simple'), http('witnessed', 'simpleSeen')] },
      connect: {
        handler: 'backend.connect',
        events: [{ websocket: { route: '$connect', authorizer: { name: 'iam', identitySource: [] } } }],
      },
    },
  };
};

/** Inside the installation, since plugins are looked for from the service's folder upwards. */
export const writeService = async (options: ServiceOptions): Promise<Service> => {
  const folder = await mkdtemp(path.join(options.installation, 'service-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const eventsFile = path.join(folder, 'events.jsonl');
  try {
    await rename(await unpackToTaskRoot(ZIP), path.join(folder, 'code'));
    await writeFile(path.join(folder, 'backend.js'), BACKEND);
    await writeFile(path.join(folder, 'witness.mjs'), witness(eventsFile));
    // JSON is YAML.
    await writeFile(path.join(folder, 'serverless.yml'), JSON.stringify(configuration(options), undefined, 2));
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, eventsFile, remove };
};
