/** Rules of the zip on a Node that it is not made for: it comes up, says so once, and refuses every request. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEdgePackage, edgeFunctionOptions } from '../../local/cloudfront/edge-function.ts';
import { type Environment, startEnvironment } from '../../local/lambda/environment.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import { eventOf, REQUEST } from '../edge/viewer-request.ts';
import { httpEvent, restEvent, tokenEvent, websocketEvent } from '../support/events.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';
import { findOldNode } from './old-node.ts';

const ZIP = fileURLToPath(new URL('../../dist/aws-lambda-authorizer.zip', import.meta.url));
const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';

const old = findOldNode();
const title =
  old === undefined
    ? 'an older Node: NOT TESTED, since no Node 20.16 to 21 is on the PATH and OLD_NODE names none'
    : `Node ${old.version}`;

const configurationLines = ({ lines }: Environment): readonly string[] =>
  lines.filter(line => line.includes('"message":"configuration"'));

describe.skipIf(old === undefined)(`on ${title}`, () => {
  let pdp: FakePdp;
  beforeAll(async () => {
    pdp = await startFakePdp({ otherwise: { kind: 'permit' } });
  });
  afterAll(() => pdp.close());

  const node = old?.binary ?? '';
  const named = `Node.js ${old?.version},`;

  const during = async (
    options: Parameters<typeof startEnvironment>[0],
    use: (environment: Environment) => Promise<void>,
  ): Promise<void> => {
    const environment = await startEnvironment({ timeoutMs: 20_000, ...options, node });
    try {
      await use(environment);
    } finally {
      await environment.close();
      await rm(options.taskRoot, { recursive: true, force: true });
    }
  };

  it.each([
    ['with a valid configuration', {}],
    ['with spans exported', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }],
    ['with a wrong configuration', { PINGONE_RETRIES: 'x' }],
    ['with simple responses', { RESPONSE_FORMAT: 'simple' }],
  ])('every request is refused for the configuration, whose one ERROR line names the runtime, %s', async (_, more) => {
    const env = { PINGONE_SERVICE_URL: pdp.url, PINGONE_GATEWAY_CREDENTIAL: 'c-1', DEBUG: 'true', ...more };
    await during({ taskRoot: await unpackToTaskRoot(ZIP), handler: HANDLER, env }, async environment => {
      for (const event of [restEvent(), httpEvent(), websocketEvent(), tokenEvent(), null]) {
        expect(await environment.invoke(event)).toMatchObject({
          ok: true,
          payload: { context: { effect: 'deny', reasonCode: 'CONFIG_INVALID', status: '500' } },
        });
      }
      const lines = configurationLines(environment);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/"level":"ERROR"/);
      expect(lines[0]).toContain(named);
      expect(environment.alive).toBe(true);
    });
    expect(pdp.callCount).toBe(0);
  });

  it('the edge package refuses as well', async () => {
    const taskRoot = await buildEdgePackage({
      PINGONE_SERVICE_URL: pdp.url,
      PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone',
      PINGONE_CREDENTIAL_REGION: 'eu-west-1',
    });
    await during(edgeFunctionOptions(taskRoot, {}), async environment => {
      const result = await environment.invoke(eventOf(REQUEST));
      expect(result).toMatchObject({ ok: true, payload: { status: '500' } });
      expect(JSON.stringify(result)).toContain('CONFIG_INVALID');
      expect(configurationLines(environment).join()).toContain(named);
    });
    expect(pdp.callCount).toBe(0);
  });
});
