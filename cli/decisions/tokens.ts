/** The tokens of the rows, each read or made once, before anything is asked. */
import { exec } from 'node:child_process';
import { isHeaderValue } from '../../src/config/parsers.ts';
import { UsageError } from '../command-line.ts';
import type { Row, TokenSource } from './row.ts';

export type TokenOf = (source: TokenSource) => string;

/**
 * @param folder the file's: commands run there, and find their files beside it.
 * @throws UsageError that names variables that are not set and commands that failed, never what they hold or print.
 */
export const readTokens = async (
  rows: readonly Row[],
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<TokenOf> => {
  const sources = new Map(rows.flatMap(({ token }) => (token === undefined ? [] : [[keyOf(token), token] as const])));
  const tokens = new Map<string, string>();
  const problems: string[] = [];
  for (const [key, source] of sources) {
    const token =
      'env' in source ? environment[source.env]?.trim() : await printed(source.command, environment, folder);
    if (token !== undefined && isHeaderValue(token)) tokens.set(key, token.replace(/^Bearer +/i, ''));
    else problems.push(problemOf(source, token));
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return source => tokens.get(keyOf(source)) ?? '';
};

/** A person may have to confirm a sign-in meanwhile. */
const COMMAND_MS = 60_000;

function keyOf(source: TokenSource): string {
  return 'env' in source ? `env ${source.env}` : `command ${source.command}`;
}

function printed(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string | undefined> {
  return new Promise(resolve => {
    exec(command, { cwd, env: { ...environment }, timeout: COMMAND_MS }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

function problemOf(source: TokenSource, token: string | undefined): string {
  if ('env' in source) {
    return token === undefined || token === ''
      ? `The variable ${source.env} is not set: it is to hold a token.`
      : `The variable ${source.env} holds something that cannot be sent in a header.`;
  }
  return token === undefined
    ? `The command "${source.command}" failed: it is to print a token.`
    : `The command "${source.command}" printed something that cannot be sent in a header: it is to print a token alone.`;
}
