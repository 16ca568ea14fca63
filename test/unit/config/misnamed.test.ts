/** Rules for misspelt settings: each is named with the setting that it was probably meant to be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meantBy, misnamed } from '../../../src/config/misnamed.ts';
import { ROWS } from '../../../src/config/variables.ts';

const SETTINGS = Object.keys(ROWS);

describe('a misspelt setting', () => {
  it.each([
    ['BREAKER_RESET', 'BREAKER_RESET_MS'],
    ['BREAKER_ENABLE', 'BREAKER_ENABLED'],
    ['BREAKRE_ENABLED', 'BREAKER_ENABLED'],
    ['PINGONE_URL', 'PINGONE_SERVICE_URL'],
    ['PINGONE_SERVCE_URL', 'PINGONE_SERVICE_URL'],
    ['PINGONE_RETRY', 'PINGONE_RETRIES'],
    ['pingone_retries', 'PINGONE_RETRIES'],
    ['PINGONE_MAX_SOCKET', 'PINGONE_MAX_SOCKETS'],
    ['AUTHORIZER_TIMEOUT_MS', 'AUTHORIZER_DEADLINE_MS'],
    ['DECISION_CACHE_TTL', 'DECISION_CACHE_TTL_MS'],
    ['FAIL_CLOSED', 'FAIL_CLOSED_AS'],
    ['FAIL_CLOSE_AS', 'FAIL_CLOSED_AS'],
    ['ON_UNAPPLIED_CHANGE', 'ON_UNAPPLIED_CHANGES'],
    ['FORWARD_HEADER', 'FORWARD_HEADERS'],
    ['RESPONSE_FORMATS', 'RESPONSE_FORMAT'],
    ['ON_UNAPPLIED', 'ON_UNAPPLIED_CHANGES'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOEVEL', 'LOG_LEVEL'],
    ['LOGXLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVEL_NAME', 'LOG_LEVEL'],
    ['METRIC', 'METRICS'],
    ['METRICS_NAME', 'METRICS_NAMESPACE'],
    ['METRICS_LOG_NAMESPACE', 'METRICS_NAMESPACE'],
  ])('%s is recognised as a misspelt %s', (variable, setting) => {
    expect(meantBy(variable, SETTINGS)).toBe(setting);
  });

  it('is recognised if a long name lacks one letter', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTINGS.filter(name => name.length > 8)), fc.nat(), (setting, at) => {
        const position = 2 + (at % (setting.length - 2));
        const typed = setting.slice(0, position) + setting.slice(position + 1);
        // Some settings differ from each other by little more than one letter.
        fc.pre(!SETTINGS.includes(typed));
        expect(meantBy(typed, SETTINGS)).toBe(setting);
      }),
    );
  });
});

describe('a variable of other software', () => {
  it.each([
    'AWS_LAMBDA_LOG_LEVEL',
    'OTEL_TRACES_EXPORTER',
    'PATH',
    'TZ',
    'LANG',
    'LOG',
    'LOG_GROUP_NAME',
    'LOVEL',
    'LOGXYLEVEL',
    'SLOG_LEVEL',
    'PINGONE',
    'BREAKERS_ENABLED_NOW',
    'ON_CALL_TEAM',
    'RESPONSE_BUCKET',
    'FAIL_FAST',
    'FORWARD_PROXY',
    'TOKEN_ISSUER',
    'DEBUG_COLORS',
    'NODE_OPTIONS',
    '_HANDLER',
    'constructor',
    '',
  ])('%s is not mistaken for a setting', variable => {
    expect(meantBy(variable, SETTINGS)).toBeUndefined();
  });
});

describe('the warnings', () => {
  it('are one sentence for each variable, without its value; an empty variable counts as missing', () => {
    const environment = {
      BREAKER_RESET: 'canary',
      PINGONE_RETRY: '2',
      PINGONE_RETRIES: '1',
      AWS_REGION: 'x',
      PINGONE_X: '',
    };
    expect(misnamed(environment, SETTINGS)).toEqual([
      'BREAKER_RESET is no setting and has no effect: did you mean BREAKER_RESET_MS?',
      'PINGONE_RETRY is no setting and has no effect: did you mean PINGONE_RETRIES?',
    ]);
  });

  it('never name a setting that exists, whatever the environment holds', () => {
    const variable = fc.oneof(
      fc.string(),
      fc.constantFrom(...SETTINGS),
      fc.string().map(end => `PINGONE_${end}`),
    );
    fc.assert(
      fc.property(fc.dictionary(variable, fc.string()), environment => {
        const said = misnamed(environment, SETTINGS).join('\n');
        for (const name of SETTINGS) expect(said).not.toContain(`${name} is no setting`);
      }),
    );
  });
});
