/** `doctor`: checks a set-up from the settings to the first answer, each check one line and one remedy. */
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { DoctorCommand } from '../command-line.ts';
import type { Host } from '../host.ts';
import { readVariables, SourceError, type Variables } from '../settings/source.ts';
import { API_CHECKS, apiFindings } from './api-check.ts';
import { CLOCK_CHECK, clockFinding } from './clock-check.ts';
import { CONNECTION_CHECKS, connectionFindings } from './connection-check.ts';
import { CREDENTIAL_CHECKS, findCredential, judgeCredential } from './credential-check.ts';
import { type Finding, fail, isSound, skipped } from './finding.ts';
import { FUNCTION_CHECK, functionFindings } from './function-check.ts';
import { PROBE_CHECK, probeFinding } from './probe-check.ts';
import { isFailure, jsonOf, reportOf } from './report.ts';
import { settingsFindings } from './settings-check.ts';

/** Prints what was found; 1 if anything is wrong, else 0. */
export const runDoctor = async (command: DoctorCommand, host: Host): Promise<number> => {
  const { from, findings } = await examine(command, host);
  host.write(command.json ? jsonOf(findings, from) : reportOf(findings, host.ink));
  return findings.some(isFailure) ? 1 : 0;
};

interface Examination {
  readonly from: string;
  readonly findings: readonly Finding[];
}

async function examine(command: DoctorCommand, host: Host): Promise<Examination> {
  let variables: Variables;
  try {
    variables = await readVariables(command.source, host);
  } catch (error) {
    if (!(error instanceof SourceError) || command.source.functionName === undefined) throw error;
    const unread = fail('settings', error.says, error.remedy);
    return {
      from: `function ${command.source.functionName}`,
      findings: [unread, ...skipAll('the settings cannot be read')],
    };
  }
  const config = loadConfig(variables.environment);
  const settings = settingsFindings(config, variables.from);
  const rest = config.valid ? await checkAll(command, config, variables, host) : skipAll('the settings are wrong');
  return { from: variables.from, findings: [...settings, ...rest] };
}

async function checkAll(
  { source, probeUrl, api }: DoctorCommand,
  config: AuthorizerConfig,
  { deployed }: Variables,
  { clock }: Host,
): Promise<readonly Finding[]> {
  const { findings: found, credential } = await findCredential(config, clock);
  const judged =
    credential === undefined
      ? CREDENTIAL_CHECKS.map(check => skipped(check, 'there is no credential'))
      : judgeCredential(credential, config, clock.now());
  const connection = await connectionFindings(config, clock);
  const reachable = isSound(connection);
  const time = reachable ? await clockFinding(config, clock) : skipped(CLOCK_CHECK, UNREACHED);
  return [
    ...found,
    ...judged,
    ...connection,
    time,
    await probe(),
    ...functionFindings(deployed, config),
    ...(await apiFindings(api, config, source.functionName)),
  ];

  async function probe(): Promise<Finding> {
    if (probeUrl === undefined) return skipped(PROBE_CHECK, 'give --url with a URL of your API');
    if (!reachable) return skipped(PROBE_CHECK, UNREACHED);
    if (credential === undefined || !isSound(judged)) return skipped(PROBE_CHECK, 'there is no credential that fits');
    return probeFinding(probeUrl, config, credential, clock);
  }
}

const UNREACHED = 'the service cannot be reached';

function skipAll(why: string): readonly Finding[] {
  const checks = [
    'credential',
    ...CREDENTIAL_CHECKS,
    ...CONNECTION_CHECKS,
    CLOCK_CHECK,
    PROBE_CHECK,
    FUNCTION_CHECK,
    ...API_CHECKS,
  ];
  return checks.map(check => skipped(check, why));
}
