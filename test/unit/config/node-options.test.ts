/** Rules of Node's own options: none that makes its HTTP parser lenient. */
import { describe, expect, it } from 'vitest';
import { runtimeProblem } from '../../../src/config/node-options.ts';

describe('the lenient HTTP parser', () => {
  it.each([
    ['alone', '--insecure-http-parser'],
    ['among others', '--enable-source-maps  --insecure-http-parser --max-old-space-size=100'],
    ['with underscores', '--insecure_http_parser'],
    ['in quotes', '"--insecure-http-parser"'],
    ['escaped', '"--insecure-http\\-parser"'],
    ['with a value', '--insecure-http-parser=true'],
  ])('is a problem that names NODE_OPTIONS: %s', (_, options) => {
    expect(runtimeProblem(options, [])).toMatch(/^NODE_OPTIONS .*--insecure-http-parser/);
  });

  it('is one on the command line too', () => {
    expect(runtimeProblem(undefined, ['--insecure-http-parser'])).toMatch(/^NODE_OPTIONS /);
  });

  it.each([undefined, '', '--enable-source-maps', '--no-insecure-http-parser', '--require ./insecure-http-parser.js'])(
    'is not seen where it is not asked for: %j',
    options => {
      expect(runtimeProblem(options, ['--enable-source-maps'])).toBeUndefined();
    },
  );
});
