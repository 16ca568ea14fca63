/** Rules for the runtime: Node 22 or newer. An older Node is a configuration error that names its version. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { onNode, runtimeProblem } from '../../../src/config/runtime.ts';

const GOOD = { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c-1' };
const VALID = loadConfig(GOOD);

describe('the runtime', () => {
  it.each(['22.0.0', '22.11.0', '24.21.0', '100.0.0'])('may be Node %s', version => {
    expect(loadConfig(GOOD, [], version)).toMatchObject({ valid: true });
    expect(onNode(VALID, version)).toBe(VALID);
  });

  it.each(['20.20.2', '18.20.8', '9.0.0', '21.99.99', '', 'unknown'])('may not be Node %j', version => {
    const problem = `The runtime is Node.js ${version}, which is too old: choose nodejs22.x or nodejs24.x.`;
    const read = loadConfig(GOOD, [], version);
    for (const config of [read, onNode(VALID, version), onNode(read, version)]) {
      expect(config).toMatchObject({ valid: false, problems: [problem] });
      expect([config, config.valid ? [] : config.problems].map(Object.isFrozen)).toEqual([true, true]);
    }
  });

  it('comes before all other problems', () => {
    const config = onNode(loadConfig({}), '20.20.2');
    expect(config.valid ? [] : config.problems).toEqual([
      expect.stringContaining('Node.js 20.20.2'),
      expect.stringContaining('Set one of'),
      'PINGONE_SERVICE_URL is required.',
    ]);
  });

  it('if it is too old, is all that is told, and nothing is read but what shapes a refusal', () => {
    const shaping = {
      RESPONSE_FORMAT: 'simple',
      FAIL_CLOSED_AS: 'error',
      LOG_LEVEL: 'ERROR',
      METRICS: 'none',
      METRICS_NAMESPACE: 'Mine',
    };
    const config = loadConfig({ ...shaping, PINGONE_SERVICE_URL: 'x', BREAKER_RESET: '1' }, [], '18.20.8');
    expect(config).toMatchObject({
      problems: [expect.stringContaining('Node.js 18.20.8')],
      answers: { responseFormat: 'simple', failClosedAs: 'error' },
      logLevel: 'ERROR',
      metrics: 'none',
      metricsNamespace: 'Mine',
      warnings: [],
    });
  });
});

describe('the lenient HTTP parser', () => {
  it.each([
    ['alone', '--insecure-http-parser'],
    ['among others', '--enable-source-maps  --insecure-http-parser --max-old-space-size=100'],
    ['with underscores', '--insecure_http_parser'],
    ['in quotes', '"--insecure-http-parser"'],
    ['escaped', '"--insecure-http\\-parser"'],
    ['with a value', '--insecure-http-parser=true'],
  ])('is a problem that names NODE_OPTIONS: %s', (_, options) => {
    expect(runtimeProblem(options, [])).toBe(
      "NODE_OPTIONS must not hold --insecure-http-parser, under which PingOne's reply could be read as another one.",
    );
  });

  it('is also found on the command line', () => {
    expect(runtimeProblem(undefined, ['--insecure-http-parser'])).toMatch(/^NODE_OPTIONS /);
  });

  it.each([
    undefined,
    '',
    '--enable-source-maps',
    '--no-insecure-http-parser',
    '--require ./insecure-http-parser.js',
    '--title=no--insecure-http-parser',
    '"--insecure-http" -parser',
  ])('is not found in %j', options => {
    expect(runtimeProblem(options, ['--enable-source-maps'])).toBeUndefined();
  });
});
