/** Rules of the command line: help suffices, mistakes are named, and colours are for terminals. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCommand, UsageError } from '../../cli/command-line.ts';
import { HELP } from '../../cli/help.ts';
import { inkFor } from '../../cli/screen/ink.ts';
import { runCommand } from './command.ts';

describe('help', () => {
  it.each([
    [['--help'], /doctor .*\n.*test decisions\.yaml/],
    [['doctor', '--help'], /--rest-api ID/],
    [['help', 'test'], /--junit OUT/],
  ])('%j is printed with exit code 0', async (args, text) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(text);
    expect(stdout.split('\n').every(line => line.length <= 118)).toBe(true);
  });

  it('names every option of its command', () => {
    const { doctor, test } = HELP;
    for (const name of ['env-file', 'function', 'region', 'url', 'rest-api', 'http-api', 'json'])
      expect(doctor).toMatch(new RegExp(`^ +--${name}\\b`, 'm'));
    for (const name of [
      'env-file',
      'function',
      'region',
      'service',
      'against',
      'from-log',
      'base-url',
      'junit',
      'json',
    ])
      expect(test).toMatch(new RegExp(`^ +--${name}\\b`, 'm'));
  });

  it('is not needed for the version, which is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runCommand(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a mistake', () => {
  it.each([
    [[], /Name a command: doctor or test/],
    [['docter'], /no command "docter". Did you mean doctor\?/],
    [['--json'], /The command comes first/],
    [['doctor', '--regio', 'x'], /no option --regio. Did you mean --region\?/],
    [['doctor', '--url'], /--url needs a value/],
    [['doctor', '--json=yes'], /--json takes no value/],
    [['doctor', 'now'], /takes no argument "now"/],
    [['doctor', '--url', 'http://a.example'], /must be an absolute URL that begins with https/],
    [['doctor', '--rest-api', 'a', '--http-api', 'b'], /not both/],
    [['doctor', '--env-file', '/dev/null', '--function', 'b'], /not both/],
    [['test'], /Name the file of rows/],
    [['test', 'a.yaml', 'b.yaml'], /one too many/],
    [['test', '--from-log', 'x', '--against', 'y'], /--from-log only writes rows/],
    [['test', 'a.yaml', '--against', 'y', '--junit', 'z'], /cannot be given with --junit/],
  ])('%j is refused in words', (args, message) => {
    expect(() => readCommand(args)).toThrow(message);
    expect(() => readCommand(args)).toThrow(UsageError);
  });

  it.each([[['docter']], [['test', 'nowhere.yaml']]])('%j is named on stderr alone, with exit code 2', async args => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/docter|nowhere\.yaml cannot be read/);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

describe('colours', () => {
  const coloured = async (env: Readonly<Record<string, string>>): Promise<boolean> =>
    (await runCommand(['doctor'], env)).stdout.includes('\u001b[');

  it('are left out where no terminal reads them', async () => {
    expect(await coloured({})).toBe(false);
  });

  it.each([
    ['on a terminal', true, {}, true],
    ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['elsewhere', false, {}, false],
  ])('are as expected %s', (_, isTerminal, environment, coloured) => {
    expect(inkFor(isTerminal, environment).red('x') !== 'x').toBe(coloured);
  });

  it('are there if FORCE_COLOR asks for them, and not with FORCE_COLOR=0', async () => {
    expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
    expect(await coloured({ FORCE_COLOR: '0' })).toBe(false);
  });
});
