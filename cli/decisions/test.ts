/** `test`: asks about each row and says which ones are not decided as expected, or not alike by two services. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AuthorizerConfig, Environment } from '../../src/config/configuration.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type TestCommand, UsageError } from '../command-line.ts';
import type { Host } from '../host.ts';
import { openService } from '../service/ask.ts';
import { readVariables } from '../settings/source.ts';
import { answerTo } from './answer.ts';
import { rowsFromLog } from './from-log.ts';
import { differences, mismatches } from './judge.ts';
import { junitOf } from './junit.ts';
import { readRows } from './read-rows.ts';
import { comparisonJson, comparisonReport, type Result, resultsJson, resultsReport, type Versus } from './report.ts';
import { readTokens } from './tokens.ts';

/**
 * Prints the outcome; 1 if a row is not decided as expected, or with `--against` not alike, else 0.
 * @throws UsageError
 */
export const testDecisions = async (command: TestCommand, host: Host): Promise<number> => {
  if (command.fromLog !== undefined) return writeRows(command.fromLog, command, host);
  const file = command.file ?? '';
  const rows = readRows(await read(file), file, command.baseUrl);
  const variables = await readVariables(command.source, host);
  const config = configOf(withService(variables.environment, command.service, '--service'));
  const other = command.against === undefined ? undefined : configOf(withOther(variables.environment, command.against));
  const tokenOf = await readTokens(rows, { ...host.environment, ...ofFile() }, dirname(resolve(file)));
  return other === undefined ? judgeAll() : compareAll(other);

  /** What a file of settings says beside the settings may name tokens, too. */
  function ofFile(): Environment {
    return command.source.envFile === undefined ? {} : variables.environment;
  }

  async function judgeAll(): Promise<number> {
    const ask = openService(config);
    const results: Result[] = [];
    for (const row of rows) {
      const started = host.clock.elapsed();
      const answer = await answerTo(row, ask, tokenOf);
      results.push({ row, answer, problems: mismatches(row.expected, answer), ms: host.clock.elapsed() - started });
    }
    if (command.junit !== undefined) await write(command.junit, junitOf(results, file));
    host.write(command.json ? resultsJson(results) : resultsReport(results, host.ink));
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  }

  async function compareAll(against: AuthorizerConfig): Promise<number> {
    const [ask, askOther] = [openService(config), openService(against)];
    const compared: Versus[] = [];
    for (const row of rows) {
      const [here, there] = [await answerTo(row, ask, tokenOf), await answerTo(row, askOther, tokenOf)];
      compared.push({ row, here, there, differences: differences(here, there) });
    }
    host.write(command.json ? comparisonJson(compared) : comparisonReport(compared, host.ink));
    return compared.every(({ differences: found }) => found.length === 0) ? 0 : 1;
  }
};

const CREDENTIALS = ['GATEWAY_CREDENTIAL', 'GATEWAY_CREDENTIAL_SECRET', 'GATEWAY_CREDENTIAL_PARAMETER'];

function withService(environment: Environment, url: string | undefined, option: string): Environment {
  if (url === undefined) return environment;
  if (!URL.canParse(url)) throw new UsageError(`${option} must be a Service URL.`);
  return { ...environment, PINGONE_SERVICE_URL: url };
}

/** The other service has the credential of `AGAINST_GATEWAY_CREDENTIAL` and its kin, else that of the first. */
function withOther(environment: Environment, url: string): Environment {
  const own = CREDENTIALS.map(name => [`PINGONE_${name}`, environment[`AGAINST_${name}`]] as const);
  const credential = own.some(([, value]) => value) ? Object.fromEntries(own) : {};
  return { ...withService(environment, url, '--against'), ...credential };
}

function configOf(environment: Environment): AuthorizerConfig {
  const config = loadConfig(environment);
  if (config.valid) return config;
  throw new UsageError(`${config.problems.join('\n')}\nThe command doctor looks at the settings more closely.`);
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The file ${file} cannot be read.`, { cause });
  });
}

function write(file: string, text: string): Promise<void> {
  return writeFile(file, text).catch((cause: unknown) => {
    throw new UsageError(`The file ${file} cannot be written.`, { cause });
  });
}

async function writeRows(log: string, { baseUrl }: TestCommand, host: Host): Promise<number> {
  host.write(rowsFromLog(await read(log), baseUrl));
  return 0;
}
