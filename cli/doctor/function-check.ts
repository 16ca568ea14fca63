/** Whether a deployed function is set up to run this authorizer. */
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import type { DeployedFunction } from '../aws/deployed-function.ts';
import { type Finding, fail, ok, skipped, warn } from './finding.ts';

export const FUNCTION_CHECK = 'function';

/** One finding for each thing that is wrong, or one that all is well. */
export const functionFindings = (
  deployed: DeployedFunction | undefined,
  { deadlineMs }: AuthorizerConfig,
): readonly Finding[] => {
  if (deployed === undefined) return [skipped(FUNCTION_CHECK, 'give --function to have a deployed one looked at')];
  const { runtime, handler, timeoutMs = 0 } = deployed;
  const findings = [...ofRuntime(runtime), ...ofTimeout(timeoutMs, deadlineMs), ...ofHandler(handler)];
  return findings.length > 0
    ? findings
    : [ok(FUNCTION_CHECK, `${runtime ?? 'image'}, timeout ${timeoutMs / 1000} s, our handler`)];
};

const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';
const OLDEST_MAJOR = 22;

function ofRuntime(runtime: string | undefined): readonly Finding[] {
  const major = /^nodejs(\d+)/.exec(runtime ?? '')?.[1];
  return runtime === undefined || Number(major) >= OLDEST_MAJOR
    ? []
    : [fail(FUNCTION_CHECK, `its runtime is ${runtime}`, 'Choose nodejs24.x or nodejs22.x.')];
}

function ofTimeout(timeoutMs: number, deadlineMs: number): readonly Finding[] {
  return timeoutMs > deadlineMs
    ? []
    : [
        fail(
          FUNCTION_CHECK,
          `its timeout of ${timeoutMs / 1000} s is not above AUTHORIZER_DEADLINE_MS (${deadlineMs})`,
          'Set the timeout to 8 s, or lower the deadline: a request must end by us, not by Lambda.',
        ),
      ];
}

/** Users of the library have a handler of their own. */
function ofHandler(handler: string | undefined): readonly Finding[] {
  return handler === HANDLER || handler === undefined
    ? []
    : [warn(FUNCTION_CHECK, 'its handler is not the one in the zip', `For the zip set it to ${HANDLER}.`)];
}
