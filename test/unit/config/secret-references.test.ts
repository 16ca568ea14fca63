/** Rules for the name or ARN of the credential's place: each store's own grammar, and never the credential itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Parser, Problem } from '../../../src/config/parsers.ts';
import { parameterReference, secretReference } from '../../../src/config/secret-references.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln';
const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'];
const secretArn = (partition: string, name: string): string =>
  `arn:${partition}:secretsmanager:eu-west-1:123456789012:secret:${name}`;
const parameterArn = (partition: string, name: string): string =>
  `arn:${partition}:ssm:eu-west-1:123456789012:parameter/${name}`;

const problemOf = (parse: Parser<string>, text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  return 'none';
};

const textOf = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
const WORD = 'abcXYZ019_';

describe('a secret', () => {
  it.each([
    'name',
    '/a/b',
    'a+b=c.d@e-f_g',
    'x'.repeat(512),
    secretArn('aws', 'a/b-AbCdEf'),
    secretArn('aws', 'partial'),
  ])('may be named by %s', text => expect(secretReference(text)).toBe(text));

  it.each(PARTITIONS)('has an ARN in partition %s', partition => {
    expect(problemOf(secretReference, secretArn(partition, 'pingone-AbCdEf'))).toBe('none');
  });

  it('may have any name that the store allows', () => {
    fc.assert(
      fc.property(textOf(`${WORD}/+=.@-`, 40), name => {
        expect(secretReference(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['white space', 'a b'],
    ['a line break', 'a\n'],
    ['a letter beyond ASCII', 'ä'],
    ['a colon', 'a:b'],
    ['too many characters', 'x'.repeat(513)],
    ['an ARN of another service', 'arn:aws:s3:::bucket'],
    ['an ARN without an account', 'arn:aws:secretsmanager:eu-west-1::secret:x'],
    ['an ARN of another cloud', secretArn('gcp', 'x')],
    ['an ARN without a name', secretArn('aws', '')],
  ])('must not be named by %s', (_, text) => {
    expect(problemOf(secretReference, text)).toMatch(/^must be the name of a secret/);
  });

  it('must not be an ARN of the other store, and the message names the right variable', () => {
    for (const partition of PARTITIONS) {
      expect(problemOf(secretReference, parameterArn(partition, 'a/b'))).toContain('_PARAMETER');
    }
  });
});

describe('a parameter', () => {
  it.each([
    'name',
    '/a/b.c-d_e',
    '/a/b:3',
    '/a/b:live_1',
    'x'.repeat(1011),
    parameterArn('aws', 'a/b'),
    parameterArn('aws', 'a/b:2'),
  ])('may be named by %s', text => expect(parameterReference(text)).toBe(text));

  it.each(PARTITIONS)('has an ARN in partition %s', partition => {
    expect(problemOf(parameterReference, parameterArn(partition, 'pingone'))).toBe('none');
  });

  it('may have any name that the store allows, with a version or a label', () => {
    const selector = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1 }).map(version => `:${version}`),
      textOf('abc_.-', 20).map(label => `:${label}`),
    );
    fc.assert(
      fc.property(textOf(`${WORD}/.-`, 40), selector, (name, end) => {
        expect(parameterReference(name + end)).toBe(name + end);
      }),
    );
  });

  it.each([
    ['white space', 'a b'],
    ['a character that secrets alone may have', 'a@b'],
    ['too many characters', 'x'.repeat(1012)],
    ['version 0', '/a:0'],
    ['a label that begins with a digit', '/a:1x'],
    ['two selectors', '/a:1:2'],
    ['an ARN of another kind of thing', 'arn:aws:ssm:eu-west-1:123456789012:document/x'],
    ['an ARN of another service', 'arn:aws:kms:eu-west-1:123456789012:key/x'],
  ])('must not be named by %s', (_, text) => {
    expect(problemOf(parameterReference, text)).toMatch(/^must be the name of a parameter/);
  });

  it('must not be an ARN of the other store, and the message names the right variable', () => {
    for (const partition of PARTITIONS) {
      expect(problemOf(parameterReference, secretArn(partition, 'x'))).toContain('_SECRET');
    }
  });
});

describe.each([
  ['secret', secretReference],
  ['parameter', parameterReference],
])('text that is pasted in place of the name of a %s', (_, parse) => {
  it.each([
    ['a token', JWT, /^holds a token/],
    ['a token with its scheme', `Bearer ${JWT}`, /^holds a token/],
    ['a token in a name', `pingone/${JWT}`, /^holds a token/],
    ['a token in JSON', `{"credential":"${JWT}"}`, /^holds a token/],
    ['JSON', '{"credential":"abc"}', /^holds JSON/],
    ['a JSON string', '"abc"', /^holds JSON/],
    ['a JSON list', ' ["abc"]', /^holds JSON/],
    ['a placeholder', '<secret-name>', /placeholder/],
    ['a template’s variable', `pingone/$${'{Stage}'}/credential`, /placeholder/],
    ['a placeholder in braces', '{id}', /placeholder/],
    ['a placeholder in capitals', 'YOUR_SECRET_NAME', /placeholder/],
    ['a placeholder in an ARN', secretArn('aws', '<name>'), /placeholder|other store/],
  ])('is refused as %s', (_title, text, problem) => {
    expect(problemOf(parse, text)).toMatch(problem);
  });

  it('is never quoted', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), text => {
        fc.pre(!/^[\w\s]*$/.test(text));
        expect(problemOf(parse, text)).not.toContain(text);
      }),
    );
  });
});
