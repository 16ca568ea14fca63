/** Rules for Lambda's own variables. */
import { describe, expect, it } from 'vitest';
import { logLevelOf, platformOf } from '../../../src/config/platform.ts';

describe("Lambda's own variables", () => {
  it('say where and how the function runs', () => {
    const platform = platformOf({
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency',
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
      AWS_LAMBDA_MAX_CONCURRENCY: '8',
    });
    expect(platform).toEqual({
      functionName: 'fn',
      initializationType: 'provisioned-concurrency',
      runtimeApi: '127.0.0.1:9001',
      concurrent: true,
      xrayHeader: expect.any(Function),
    });
    expect(Object.isFrozen(platform)).toBe(true);
  });

  it('are missing as well if they are empty', () => {
    const empty = {
      AWS_LAMBDA_FUNCTION_NAME: '',
      AWS_LAMBDA_INITIALIZATION_TYPE: '',
      AWS_LAMBDA_RUNTIME_API: '',
      AWS_LAMBDA_MAX_CONCURRENCY: '',
      _X_AMZN_TRACE_ID: '',
    };
    for (const environment of [{}, empty]) {
      const { xrayHeader, ...platform } = platformOf(environment);
      expect(platform).toEqual({
        functionName: 'local',
        initializationType: undefined,
        runtimeApi: undefined,
        concurrent: false,
      });
      expect(xrayHeader()).toBeUndefined();
    }
  });

  it('lower the log level to the one that Lambda allows', () => {
    const level = (ours: Parameters<typeof logLevelOf>[1], lambdas: string): string =>
      logLevelOf({ AWS_LAMBDA_LOG_LEVEL: lambdas }, ours);
    expect(level('DEBUG', 'WARN')).toBe('WARN');
    expect(level('ERROR', 'INFO')).toBe('ERROR');
    expect(level('INFO', 'FATAL')).toBe('ERROR');
    expect(level('INFO', 'TRACE')).toBe('INFO');
    expect(level('SILENT', 'DEBUG')).toBe('SILENT');
    expect(level('DEBUG', 'TRACE')).toBe('DEBUG');
    expect(level('INFO', '')).toBe('INFO');
    expect(logLevelOf({}, 'INFO')).toBe('INFO');
  });

  it('include the X-Ray header, which is read anew for each invocation', () => {
    const environment: Record<string, string> = { _X_AMZN_TRACE_ID: 'Root=1' };
    const { xrayHeader } = platformOf(environment);
    expect(xrayHeader()).toBe('Root=1');
    environment['_X_AMZN_TRACE_ID'] = 'Root=2';
    expect(xrayHeader()).toBe('Root=2');
  });
});
