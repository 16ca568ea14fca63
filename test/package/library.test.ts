/** Rules of the library: what `npm pack` makes can be imported, required and compiled by others, and works. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, openConsumer } from './consumer.ts';

const PROGRAM = `
import * as library from 'pingone-lambda-authorizer';
const { createAuthorizer, loadConfig, AuthorizerError } = library;
const config = loadConfig({ PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' });
const send = async ({ body }) => ({ status: 200, headers: {}, body: Buffer.from(body) });
const authorize = createAuthorizer(config, { send, writeLine: () => undefined });
const arn = 'arn:aws:execute-api:eu-west-1:123456789012:a/$default/GET/';
const http = { method: 'GET', path: '/', sourceIp: '192.0.2.1' };
const event = { version: '2.0', type: 'REQUEST', routeArn: arn, rawPath: '/', rawQueryString: '', headers: { host: 'h' }, requestContext: { http } };
const { policyDocument } = await authorize(event);
console.log(JSON.stringify({ names: Object.keys(library).sort(), effect: policyDocument.Statement[0].Effect, error: new AuthorizerError('INTERNAL').code }));
`;

/** The stack of a CDK application; it finds the zip by itself. */
const STACK = `
const stack = new Stack(new App({ outdir: 'cdk.out' }), 'Stack');
const credential = Secret.fromSecretNameV2(stack, 'Credential', 'pingone');
const pingOne = new PingOneAuthorizer(stack, 'PingOne', { pingOneServiceUrl: 'https://h.example', credential });
const api = new RestApi(stack, 'Api');
api.root.addMethod('ANY', new HttpIntegration('https://b.example'), { authorizer: pingOne.restAuthorizer() });
addReasonResponses(api);
const types = Object.values(Template.fromStack(stack).toJSON().Resources).map(({ Type }) => Type);
console.log(types.filter(type => type === 'AWS::ApiGateway::Authorizer' || type === 'AWS::Lambda::Alias').sort().join());
`;
const IMPORTS = [
  [['App', 'Stack'], 'aws-cdk-lib'],
  [['Template'], 'aws-cdk-lib/assertions'],
  [['HttpIntegration', 'RestApi'], 'aws-cdk-lib/aws-apigateway'],
  [['Secret'], 'aws-cdk-lib/aws-secretsmanager'],
  [['PingOneAuthorizer', 'addReasonResponses'], 'pingone-lambda-authorizer/cdk'],
] as const;
const importing = IMPORTS.map(([names, from]) => `import { ${names.join(', ')} } from '${from}';`).join('\n');
const requiring = IMPORTS.map(([names, from]) => `const { ${names.join(', ')} } = require('${from}');`).join('\n');

const LIBRARY_TYPES = `
import { createAuthorizer, loadConfig, type FetchSecret } from 'pingone-lambda-authorizer';
const fetchSecret: FetchSecret = async id => id;
export const handler = createAuthorizer(loadConfig({}), { fetchSecret });
export const never: string = handler; // a line that must be complained of
`;
const CDK_TYPES = `
import { PingOneAuthorizer, type PingOneAuthorizerProps } from 'pingone-lambda-authorizer/cdk';
export const props: Partial<PingOneAuthorizerProps> = { pingOneRetries: 2 };
export const never: string = PingOneAuthorizer; // a line that must be complained of
`;

const consumers: Consumer[] = [];
const consumer = (): Consumer => {
  const [opened] = consumers;
  if (opened === undefined) throw new Error('there is no consumer');
  return opened;
};
const write = (name: string, text: string): Promise<void> => writeFile(join(consumer().folder, name), text);

beforeAll(async () => {
  consumers.push(await openConsumer());
}, 180_000);
afterAll(() => Promise.all(consumers.map(({ clear }) => clear())));

describe('the library', () => {
  it('is imported by its name and decides', async () => {
    await write('program.mjs', PROGRAM);
    expect(JSON.parse(await consumer().node(['program.mjs']))).toEqual({
      names: ['AuthorizerError', 'createAuthorizer', 'loadConfig', 'loadSettings'],
      effect: 'Allow',
      error: 'INTERNAL',
    });
  });
});

describe('the construct', () => {
  it.each([
    ['imported', 'stack.mjs', `${importing}\n${STACK}`],
    ['required, as jest and ts-node of a new CDK app do', 'stack.cjs', `${requiring}\n${STACK}`],
  ])('is %s, and synthesizes a stack', { timeout: 120_000 }, async (_, file, program) => {
    await write(file, program);
    // jest, unlike Node by now, cannot require an ES module.
    const said = await consumer().node(['--no-experimental-require-module', file]);
    expect(said.trim()).toBe('AWS::ApiGateway::Authorizer,AWS::Lambda::Alias');
  });
});

describe('declarations', () => {
  it('of the library need the types of the web and not those of Node', async () => {
    await write('library.mts', LIBRARY_TYPES);
    const complaints = await consumer().compile({ lib: ['es2023', 'dom'] }, 'library.mts');
    expect(complaints.trim().split('\n')).toEqual([expect.stringMatching(/^library\.mts\(5,14\): error TS2322/)]);
  });

  it.each([
    ['imported', 'construct.mts'],
    ['required', 'construct.cts'],
  ])('of the construct need no types of Node where it is %s', { timeout: 120_000 }, async (_, file) => {
    await write(file, CDK_TYPES);
    // Later than node16, TypeScript lets a CommonJS file require an ES module.
    const options = { lib: ['es2023', 'esnext.disposable'], module: 'node16' };
    const complaints = await consumer().compile(options, file);
    expect(complaints.trim().split('\n')).toEqual([expect.stringMatching(/^construct\.[mc]ts\(4,14\): error TS2322/)]);
  });
});
