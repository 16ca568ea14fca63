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
    'x',
    'x'.repeat(512),
    secretArn('aws', 'a/b-AbCdEf'),
    secretArn('aws', 'partial'),
    secretArn('aws', 'x'),
    secretArn('aws', 'x'.repeat(519)),
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
    ['an ARN with too long a name', secretArn('aws', 'x'.repeat(520))],
    ['an ARN with a selector', `${secretArn('aws', 'x')}:json-key`],
    ['an ARN that something precedes', `x${secretArn('aws', 'x')}`],
    ['an ARN that begins twice', `arn:${secretArn('aws', 'x')}`],
    ['an ARN of a parameter that something precedes', `x${parameterArn('aws', 'x')}`],
    ['a text that only mentions JSON', 'a["b"'],
  ])('must not be named by %s', (_, text) => {
    expect(problemOf(secretReference, text)).toBe(
      'must be the name of a secret (1 to 512 letters, digits and "/_+=.@-") or its Secrets Manager ARN',
    );
  });

  it('must not be an ARN of the other store, and the message names the right variable', () => {
    for (const partition of PARTITIONS) {
      expect(problemOf(secretReference, parameterArn(partition, 'a/b'))).toBe(
        "is an ARN of the other store's: set the variable that ends in _CREDENTIAL_PARAMETER instead",
      );
    }
  });
});

describe('a parameter', () => {
  it.each([
    'name',
    '/a/b.c-d_e',
    '/a/b:3',
    '/a/b:live_1',
    'x',
    'x'.repeat(1011),
    `x:${'l'.repeat(100)}`,
    'x:l',
    'x:10',
    parameterArn('aws', 'a/b'),
    parameterArn('aws', 'x'.repeat(1011)),
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
    ['an ARN with too long a name', parameterArn('aws', 'x'.repeat(1012))],
    ['an ARN without a name', parameterArn('aws', '').slice(0, -1)],
    ['the beginning of an ARN', 'arn:aws'],
    ['an ARN that something precedes', `x${parameterArn('aws', 'x')}`],
    ['an ARN of a secret that something precedes', `x${secretArn('aws', 'x')}`],
    ['too long a label', `/a:${'l'.repeat(101)}`],
    ['an empty label', '/a:'],
    ['version 0', '/a:0'],
    ['a label that begins with a digit', '/a:1x'],
    ['two selectors', '/a:1:2'],
    ['an ARN of another kind of thing', 'arn:aws:ssm:eu-west-1:123456789012:document/x'],
    ['an ARN of another service', 'arn:aws:kms:eu-west-1:123456789012:key/x'],
  ])('must not be named by %s', (_, text) => {
    expect(problemOf(parameterReference, text)).toBe(
      'must be the name of a parameter (letters, digits and "/_.-") or its SSM ARN',
    );
  });

  it('must not be an ARN of the other store, and the message names the right variable', () => {
    for (const partition of PARTITIONS) {
      expect(problemOf(parameterReference, secretArn(partition, 'x'))).toBe(
        "is an ARN of the other store's: set the variable that ends in _CREDENTIAL_SECRET instead",
      );
    }
  });
});

describe.each([
  ['secret', secretReference],
  ['parameter', parameterReference],
])('text that is pasted in place of the name of a %s', (kind, parse) => {
  it.each([
    ['a token', JWT],
    ['a token with its scheme', `Bearer ${JWT}`],
    ['a token in a name', `pingone/${JWT}`],
    ['a token in JSON', `{"credential":"${JWT}"}`],
  ])('is refused as %s', (_title, text) => {
    expect(problemOf(parse, text)).toBe(`holds a token: it must name the ${kind} that holds the credential`);
  });

  it.each([
    ['an object', '{"credential":"abc"}'],
    ['a string', '"abc"'],
    ['a list', ' ["abc"]'],
    ['an object on lines of its own', '\n\n {"a":1}'],
  ])('is refused as JSON: %s', (_title, text) => {
    expect(problemOf(parse, text)).toBe(`holds JSON: it must name the ${kind} that holds the credential`);
  });

  it.each([
    ['in angle brackets', '<secret-name>'],
    ['in a template', `pingone/$${'{Stage}'}/credential`],
    ['in braces', '{id}'],
    ['in capitals', 'YOUR_SECRET_NAME'],
    ['in an ARN', secretArn('aws', '<name>')],
  ])('is refused as a placeholder %s', (_title, text) => {
    expect(problemOf(parse, text)).toBe('still holds a placeholder such as <id>: put the real value in its place');
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
