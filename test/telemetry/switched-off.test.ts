/** The rules of the switches: no SDK where nothing is exported, the console where asked for, a fallback without extensions. */
import { rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ZIP } from '../../local/authorizer-functions.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import { listenOnLoopback } from '../../local/loopback.ts';
import { answerOf, recordsOf } from '../fault/answers.ts';
import { restHeaders } from '../support/event-parts.ts';
import { restEvent } from '../support/events.ts';
import { decisionsOf, type Setting, type Stage, setStage, spansOf } from './stage.ts';

const FOLDER = 'aws-lambda-authorizer/src';

const taskRootOfItsOwn = async (): Promise<string> => {
  const taskRoot = await unpackToTaskRoot(ZIP);
  onTestFinished(() => rm(taskRoot, { recursive: true, force: true }));
  return taskRoot;
};

/** A copy of the function without the file that holds the SDK: what loads it fails. */
const withoutSdk = async (env: Setting['env'] = {}): Promise<Stage> => {
  const taskRoot = await taskRootOfItsOwn();
  await rm(path.join(taskRoot, FOLDER, 'export.js'));
  return setStage({ env, options: { taskRoot } });
};

const decide = async ({ environment }: Stage): Promise<string> => answerOf(await environment.invoke(restEvent())).gets;

describe('no SDK is loaded', () => {
  it.each([
    { where: 'neither endpoint nor exporter is named', env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } },
    { where: 'OTEL_SDK_DISABLED=true', env: { OTEL_SDK_DISABLED: 'true' } },
    { where: 'OTEL_TRACES_EXPORTER=none', env: { OTEL_TRACES_EXPORTER: 'none' } },
  ])('where $where', async ({ env }) => {
    const stage = await withoutSdk(env);
    expect(await decide(stage)).toBe('PERMIT');
    expect(recordsOf(stage.environment.lines, 'telemetry')).toEqual([]);
    expect(stage.environment.extensions).toEqual([]);
    expect(stage.collector.bodies).toEqual([]);
  });

  it('and the log line still names the trace that the request came in', async () => {
    const stage = await setStage({ env: { OTEL_SDK_DISABLED: 'true' } });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await stage.environment.invoke(
      restEvent(
        restHeaders([
          ['Host', 'api.test'],
          ['traceparent', traceparent],
        ]),
      ),
    );
    await stage.environment.invoke(restEvent(), { traceId: 'Root=1-67891233-abcdef012345678912345678;Sampled=0' });
    expect((await decisionsOf(stage, 2)).map(line => line['traceId'])).toEqual([
      '0af7651916cd43dd8448eb211c80319c',
      '67891233abcdef012345678912345678',
    ]);
  });

  it('where it cannot be: decisions go on and the log says so', async () => {
    const stage = await withoutSdk();
    expect(await decide(stage)).toBe('PERMIT');
    expect(recordsOf(stage.environment.lines, 'telemetry')).toMatchObject([{ level: 'WARN', state: 'off' }]);
  });
});

describe('the exporter', () => {
  it('is OTLP where one of its endpoints is named', async () => {
    const stage = await setStage();
    const other = await setStage({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: '',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${stage.collector.url}/v1/traces`,
      },
    });
    await decide(other);
    await spansOf(stage, 3);
  });

  it('is the console where OTEL_TRACES_EXPORTER says so, for every request', async () => {
    const stage = await setStage({ env: { OTEL_TRACES_EXPORTER: 'console' } });
    const printed = (): number =>
      stage.environment.lines.filter(line => line.includes("name: 'pingone.decide'")).length;
    for (let requests = 1; requests <= 3; requests += 1) {
      expect(await decide(stage)).toBe('PERMIT');
      await expect.poll(printed).toBe(requests);
    }
    expect(stage.collector.bodies).toEqual([]);
  });

  it('is none where OTEL_TRACES_EXPORTER names one that is not built in, and the log says so', async () => {
    const stage = await withoutSdk({ OTEL_TRACES_EXPORTER: 'zipkin' });
    expect(await decide(stage)).toBe('PERMIT');
    expect(recordsOf(stage.environment.lines, 'telemetry')).toMatchObject([{ level: 'WARN', state: 'off' }]);
  });
});

describe('without an extension', () => {
  const ENTRY = './aws-lambda-authorizer/src/aws-lambda-authorizer.mjs';

  /** The function sees this address as its Extensions API; its runtime client has read the real one before. */
  const withExtensionsApi = async (address: string): Promise<Stage> => {
    const taskRoot = await taskRootOfItsOwn();
    const code = `process.env.AWS_LAMBDA_RUNTIME_API = ${JSON.stringify(address)};
      export const { handler } = await import('${ENTRY}');`;
    await writeFile(path.join(taskRoot, 'elsewhere.mjs'), code);
    return setStage({ options: { taskRoot, handler: 'elsewhere.handler' } });
  };

  it('spans leave after the answer where registering is refused', async () => {
    const refusing = await listenOnLoopback((request, response) => {
      request.resume();
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"errorType":"Extension.RegistrationClosed"}');
    });
    onTestFinished(refusing.close);
    const stage = await withExtensionsApi(refusing.origin.slice('http://'.length));
    expect(await decide(stage)).toBe('PERMIT');
    await spansOf(stage, 3);
  });

  it('spans leave after the answer where registering is answered only after it', async () => {
    const unanswered: ServerResponse[] = [];
    const silent = await listenOnLoopback((_request, response) => void unanswered.push(response));
    onTestFinished(silent.close);
    const stage = await withExtensionsApi(silent.origin.slice('http://'.length));
    expect(await decide(stage)).toBe('PERMIT');
    await spansOf(stage, 3);
    expect(unanswered).toHaveLength(1);
    unanswered[0]?.writeHead(403).end();
    expect(await decide(stage)).toBe('PERMIT');
    await spansOf(stage, 6);
  });

  it('spans leave after the answer where a CommonJS file loads the authorizer: it registers too late', async () => {
    const taskRoot = await taskRootOfItsOwn();
    await writeFile(
      path.join(taskRoot, 'own.js'),
      "exports.handler = require('./aws-lambda-authorizer/src/authorizer.js').handler;",
    );
    const stage = await setStage({ options: { taskRoot, handler: 'own.handler' } });
    expect(stage.environment.extensions).toEqual([]);
    expect(await decide(stage)).toBe('PERMIT');
    await spansOf(stage, 3);
  });

  it('spans leave after the answer where there is no such API', async () => {
    const gone = await listenOnLoopback(() => undefined);
    await gone.close();
    const stage = await withExtensionsApi(gone.origin.slice('http://'.length));
    expect(await decide(stage)).toBe('PERMIT');
    expect(await decide(stage)).toBe('PERMIT');
    await spansOf(stage, 6);
  });
});
