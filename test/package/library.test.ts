/** Rules of the library: what `npm run build` makes can be imported and works, on the oldest Node that it promises. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkshop, type Workshop } from './workshop.ts';

const PROGRAM = `
import { execFileSync } from 'node:child_process';
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

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  await workshop.node(['node_modules/typescript/bin/tsc', '--project', 'tsconfig.lib.json']);
}, 120_000);
afterAll(() => workshop.clear());

describe('the library', () => {
  it('is imported by its name and decides', async () => {
    await writeFile(join(workshop.folder, 'program.mjs'), PROGRAM);
    expect(JSON.parse(await workshop.node(['program.mjs']))).toEqual({
      names: ['AuthorizerError', 'createAuthorizer', 'loadConfig'],
      effect: 'Allow',
      error: 'INTERNAL',
    });
  });

  it('has the files that package.json points to, with types and without TypeScript’s endings', async () => {
    const { exports } = JSON.parse(await readFile(join(workshop.folder, 'package.json'), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>;
    };
    const { types = '', default: main = '' } = exports['.'] ?? {};
    for (const file of [types, main]) expect(existsSync(join(workshop.folder, file))).toBe(true);
    expect(await readFile(join(workshop.folder, main), 'utf8')).not.toMatch(/from '[^']+\.ts'/);
  });
});
