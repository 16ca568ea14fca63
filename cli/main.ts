#!/usr/bin/env node
/** The command `pingone-lambda-authorizer`: does what its arguments ask for, and says by its exit code what came of it. */
import { systemClock } from '../src/domain/clock.ts';
import { type Command, readCommand, UsageError } from './command-line.ts';
import { testDecisions } from './decisions/test.ts';
import { runDoctor } from './doctor/doctor.ts';
import { HELP } from './help.ts';
import type { Host } from './host.ts';
import { inkFor } from './screen/ink.ts';
import { SourceError } from './settings/source.ts';
import { VERSION } from './version.ts';

const host: Host = {
  environment: process.env,
  clock: systemClock,
  ink: inkFor(process.stdout.isTTY === true, process.env),
  write: text => void process.stdout.write(`${text}\n`),
  complain: text => void process.stderr.write(`${text}\n`),
};

// A reader that has seen enough, such as `head`, closes the pipe: that is no fault of ours.
process.stdout.on('error', () => process.exit());
process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  try {
    return await execute(readCommand(args));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceError)) throw error;
    host.complain(error.message);
    return 2;
  }
}

async function execute(command: Command): Promise<number> {
  switch (command.kind) {
    case 'help':
      host.write(HELP[command.of]);
      return 0;
    case 'version':
      host.write(VERSION);
      return 0;
    case 'doctor':
      return runDoctor(command, host);
    case 'test':
      return testDecisions(command, host);
  }
}
