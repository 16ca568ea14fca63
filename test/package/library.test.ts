/** Rules of the library: what `npm pack` makes can be imported, required and compiled by others, and works. */
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgePackage } from '../../scripts/package-check.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { THOROUGH } from '../support/thorough.ts';
import { type Consumer, openConsumer } from './consumer.ts';

const DECIDE = `
const { createAuthorizer, loadConfig, AuthorizerError } = library;
const config = loadConfig({ PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' });
const send = async ({ body }) => ({ status: 200, headers: {}, body: Buffer.from(body) });
const authorize = createAuthorizer(config, { send, writeLine: () => undefined });
const arn = 'arn:aws:execute-api:eu-west-1:123456789012:a/$default/GET/';
const http = { method: 'GET', path: '/', sourceIp: '192.0.2.1' };
const event = { version: '2.0', type: 'REQUEST', routeArn: arn, rawPath: '/', rawQueryString: '', headers: { host: 'h' }, requestContext: { http } };
authorize(event).then(({ policyDocument }) => {
  console.log(JSON.stringify({ names: Object.keys(library).sort(), effect: policyDocument.Statement[0].Effect, error: new AuthorizerError('INTERNAL').code }));
});
`;
const IMPORTED = `import * as library from 'pingone-lambda-authorizer';${DECIDE}`;
/** Node requires an ES module since 22.12. */
const REQUIRED = `const library = require('pingone-lambda-authorizer');${DECIDE}`;

/** The stack of a CDK application; it finds the zip by itself. */
const STACK = `
const stack = new Stack(new App({ outdir: 'cdk.out', builtinCloudFormationValidation: false }), 'Stack');
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
  it.each([
    ['imported', 'Node 24', 'program.mjs', IMPORTED],
    ['imported', 'Node 22', 'program.mjs', IMPORTED],
    ['required', 'Node 24', 'program.cjs', REQUIRED],
    ['required', 'Node 22', 'program.cjs', REQUIRED],
  ] as const)('is %s by its name on %s, and decides', async (_, version, file, program) => {
    await write(file, program);
    expect(JSON.parse(await consumer().node([file], version))).toEqual({
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

/** Ways in which TypeScript resolves a package: outside CI one that reads each of our `exports`. */
const ways = <T>(usual: readonly T[], others: readonly T[]): readonly T[] => [...usual, ...(THOROUGH ? others : [])];

describe('declarations', () => {
  it.each(
    ways(
      [['nodenext, as an ES module', 'library.mts', 'nodenext', 'nodenext']],
      [
        ['nodenext, as CommonJS', 'library.cts', 'nodenext', 'nodenext'],
        ['node16, as an ES module', 'library.mts', 'node16', 'node16'],
        ['bundler', 'library.ts', 'preserve', 'bundler'],
      ],
    ),
  )('of the library need the types of the web and not those of Node: %s', async (_, file, module, moduleResolution) => {
    await write(file, LIBRARY_TYPES);
    const complaints = await consumer().compile({ lib: ['es2023', 'dom'], module, moduleResolution }, file);
    expect(complaints.trim().split('\n')).toEqual([expect.stringMatching(/^library\.[mc]?ts\(5,14\): error TS2322/)]);
  });

  it.each(
    ways(
      // Later than node16, TypeScript lets a CommonJS file require an ES module.
      [
        ['imported', 'construct.mts', 'node16', 'node16'],
        ['required', 'construct.cts', 'node16', 'node16'],
      ],
      [
        ['imported, nodenext', 'construct.mts', 'nodenext', 'nodenext'],
        ['bundled', 'construct.ts', 'preserve', 'bundler'],
      ],
    ),
  )(
    'of the construct need no types of Node where it is %s',
    { timeout: 120_000 },
    async (_, file, module, moduleResolution) => {
      await write(file, CDK_TYPES);
      const options = { lib: ['es2023', 'esnext.disposable'], module, moduleResolution };
      const complaints = await consumer().compile(options, file);
      expect(complaints.trim().split('\n')).toEqual([
        expect.stringMatching(/^construct\.[mc]?ts\(4,14\): error TS2322/),
      ]);
    },
  );
});

describe('publint and attw', () => {
  it('find nothing wrong', async () => {
    await judgePackage(consumer().tarball);
  });

  it('would find an export that is not there', async () => {
    const { folder } = consumer();
    const name = 'pingone-lambda-authorizer';
    const copy = join(folder, 'broken/package');
    await cp(join(folder, 'node_modules', name), copy, { recursive: true });
    await rm(join(copy, 'dist/lib/index.d.ts'));
    const tarball = join(folder, 'broken.tgz');
    await runCommand('tar', ['-czf', tarball, '-C', join(folder, 'broken'), 'package']);
    await expect(judgePackage(tarball)).rejects.toThrow(/dist\/lib\/index\.d\.ts/);
  });
});
