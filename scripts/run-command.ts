/** Runs a command for a script and gives what it printed; a failure says what the command said. */
import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Resolves with stdout, its end trimmed. Rejects with both streams in the message if the command fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    execFile(command, args, { ...options, shell, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trimEnd());
      else
        reject(new Error(`${command} ${args.join(' ')} failed:\n${`${stdout}\n${stderr}`.trim()}`, { cause: error }));
    });
  });
}
