/** Rules of a decisions file: what is wrong in it is told with line and column, and a token is never in it. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../cli/command-line.ts';
import { readRows } from '../../cli/decisions/read-rows.ts';
import { demoToken } from '../../local/policy/token.ts';

const TOKEN = demoToken({ sub: 'alice' });

const problemsIn = (text: string, base?: string): readonly string[] => {
  try {
    readRows(text, 'd.yaml', base);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n');
  }
};

/** One row, from its second key on. */
const row = (more: string): string => `rows:\n  - url: https://a.example/b\n${more.replace(/^/gm, '    ')}\n`;

describe('a decisions file', () => {
  it.each([
    ['is no YAML', 'rows:\n  - url: "x\n', /^d\.yaml:\d:\d+: .*quote/i],
    ['names a key twice', row('expect: deny\nexpect: deny'), /^d\.yaml:4:5: .*unique/],
    [
      'has an unknown key',
      row('expect: deny\nstatu: 403'),
      /^d\.yaml:4:5: unknown key "statu" .* Did you mean status\?$/,
    ],
    [
      'has a key of another name',
      row('expect: deny\nfoo: 1'),
      /^d\.yaml:4:5: unknown key "foo" .* It is one of name, /,
    ],
    [
      'has an unknown key at the top',
      'row:\n  - url: x\nrows: []',
      /^d\.yaml:1:1: unknown key "row".* Did you mean rows\?/,
    ],
    ['holds a token', row(`expect: deny\ntoken: ${TOKEN}`), /^d\.yaml:4:12: a token does not belong in the file/],
    ['holds a token as a word', row('expect: deny\ntoken: abc'), /^d\.yaml:4:12: a token does not belong in the file/],
    [
      'holds a token in a command',
      row(`expect: deny\ntoken: { command: echo ${TOKEN} }`),
      /^d\.yaml:4:23: command holds/,
    ],
    ['holds a token in a header', row(`expect: deny\nheaders: { X-T: ${TOKEN} }`), /^d\.yaml:4:21: X-T holds a token/],
    [
      'holds a token in a URL',
      `rows:\n  - { url: "https://a.example/?t=${TOKEN}", expect: deny }`,
      /^d\.yaml:2:12: url holds a/,
    ],
    [
      'has Authorization as a header',
      row('expect: deny\nheaders:\n  authorization: x'),
      /^d\.yaml:5:7: give the bearer/,
    ],
    [
      'has two sources of a token',
      row('expect: deny\ntoken: { env: A, command: b }'),
      /^d\.yaml:4:12: token has either/,
    ],
    ['has no expectation', 'rows:\n  - url: https://a.example/b\n', /^d\.yaml:2:5: the row has no expect/],
    ['has no URL', 'rows:\n  - expect: deny\n', /^d\.yaml:2:5: the row has no url/],
    ['expects something else', row('expect: allow'), /^d\.yaml:3:13: expect is permit or deny/],
    ['expects a status of a permit', row('expect: permit\nstatus: 403'), /^d\.yaml:4:13: a permit has no status/],
    ['expects headers of a denial', row('expect: deny\nchangedHeaders: {}'), /^d\.yaml:4:21: a deny has no changed/],
    ['expects a status that is none', row('expect: deny\nstatus: 200'), /^d\.yaml:4:13: status is a whole number/],
    [
      'has a reason that is none',
      row('expect: deny\nreasonCode: POLICY_DENY'),
      /^d\.yaml:4:17: .* Did you mean POLICY_DENIED\?/,
    ],
    ['has a path without baseUrl', 'rows:\n  - { url: /a, expect: deny }', /^d\.yaml:2:12: url is a path/],
    ['has a URL of http', 'rows:\n  - { url: "http://a", expect: deny }', /^d\.yaml:2:12: url must begin with https/],
    [
      'has a placeholder',
      'rows:\n  - { url: "https://a/{id}", expect: deny }',
      /^d\.yaml:2:12: url still holds a placeholder/,
    ],
    ['has a method that is none', row('expect: deny\nmethod: FETCH'), /^d\.yaml:4:13: method is one of GET/],
    ['has rows that are no list', 'rows: { a: 1 }', /^d\.yaml:1:7: rows must be a list/],
    ['has no rows', 'rows: []', /^d\.yaml:1:7: rows is empty/],
    ['is empty', '', /^d\.yaml:1:1: the file must be a map/],
  ])('that %s is refused with the place', (_, text, problem) => {
    const problems = problemsIn(text);
    expect(problems[0]).toMatch(problem);
    expect(problems.join('\n')).not.toContain(TOKEN);
  });

  it('has all its problems told at once', () => {
    expect(problemsIn('rows:\n  - { url: x, expect: y, z: 1, status: 4o3 }')).toHaveLength(4);
  });

  it('may use anchors, and has its baseUrl replaced by one that is given', () => {
    const text =
      'baseUrl: https://a\nrows:\n  - { url: /b, token: &t { env: T }, expect: deny }\n  - { url: /c, token: *t, expect: deny }';
    const [first, second] = readRows(text, 'd.yaml', 'https://other/dev/');
    expect(first).toMatchObject({ name: 'GET /dev/b', line: 3, url: 'https://other/dev/b', token: { env: 'T' } });
    expect(second?.token).toEqual({ env: 'T' });
  });
});
