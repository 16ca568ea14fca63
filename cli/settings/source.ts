/** The authorizer's variables, from where the command line says that they are. */
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import type { Environment } from '../../src/config/configuration.ts';
import { type DeployedFunction, readDeployedFunction } from '../aws/deployed-function.ts';
import { type SettingsSource, UsageError } from '../command-line.ts';
import type { Host } from '../host.ts';

export interface Variables {
  readonly environment: Environment;
  /** For people: `the environment`, `file.env`, `function x`. */
  readonly from: string;
  readonly deployed: DeployedFunction | undefined;
}

/** The settings cannot be read. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly says: string;
  readonly remedy: string;

  constructor(says: string, remedy: string, cause: unknown) {
    super(`${says}. ${remedy}`, { cause });
    this.says = says;
    this.remedy = remedy;
  }
}

/**
 * Reads them. What the file or the region says of AWS is put into the process's own environment, because AWS's clients
 * read it there.
 * @throws SourceError
 */
export const readVariables = async (source: SettingsSource, host: Host): Promise<Variables> => {
  if (source.region !== undefined) host.environment['AWS_REGION'] = source.region;
  if (source.envFile !== undefined) return fromFile(source.envFile, host);
  if (source.functionName !== undefined) return fromFunction(source.functionName);
  return { environment: host.environment, from: 'the environment', deployed: undefined };
};

async function fromFile(path: string, host: Host): Promise<Variables> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SourceError(`The file ${path} cannot be read`, 'Give --env-file a file of lines NAME=value.', cause);
  });
  const environment: Environment = parseEnv(text);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_')) host.environment[name] = value;
  }
  return { environment, from: path, deployed: undefined };
}

async function fromFunction(name: string): Promise<Variables> {
  try {
    const deployed = await readDeployedFunction(name);
    return { environment: deployed.variables, from: `function ${name}`, deployed };
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof UsageError) throw cause;
    throw new SourceError(
      `The configuration of function ${name} cannot be read: ${cause.name}`,
      'Name a function of this AWS account and region (--region), as a user who may lambda:GetFunctionConfiguration.',
      cause,
    );
  }
}
