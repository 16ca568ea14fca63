/** What API Gateway accepts of an authorizer, and what an answer that lets a request in must be. */
import { membersOf } from '../../../src/domain/json.ts';
import { answerProblems, effectOf } from '../../../test/contract/answers.ts';
import type { Answer } from '../../../test/contract/stage.ts';
import { replyProblems } from './permit-oracle.ts';
import type { Exchanged } from './plan.ts';

/** With `FAIL_CLOSED_AS=error` a fault is thrown: a code, and words of ours. */
export const gatewayProblems = (answer: Answer, event: unknown, mayThrow: boolean): readonly string[] => {
  if (mayThrow && 'error' in answer) {
    return /^(?:Unauthorized|[A-Z]+_[A-Z_]+: [ -~]+)$/.test(answer.error) ? [] : [`threw ${answer.error}`];
  }
  const context = membersOf(membersOf(event)?.['requestContext']);
  const isWebsocket = membersOf(event)?.['version'] === undefined && typeof context?.['connectionId'] === 'string';
  const tooLong = isWebsocket && effectOf(answer) === 'Deny' && Buffer.byteLength(JSON.stringify(answer)) > 8192;
  return [...answerProblems(answer), ...(tooLong ? ['a WebSocket denial longer than API Gateway accepts'] : [])];
};

/** A permit names the one resource that was asked for, and PingOne's reply was a permit for this very request. */
export const allowProblems = (answer: Answer, event: unknown, { asked, replied }: Exchanged): readonly string[] => {
  if (effectOf(answer) !== 'Allow') return [];
  if (asked === undefined) return ['a permit without a question to PingOne'];
  const members = membersOf(event) ?? {};
  const arn = members['version'] === '2.0' ? members['routeArn'] : members['methodArn'];
  const resource = resourceOf(answer);
  const unescaped = typeof resource === 'string' ? resource.replace(/\$\{([*?$])\}/g, '$1') : arn;
  return [
    ...(unescaped === arn ? [] : ['a permit for another resource']),
    ...(typeof resource === 'string' && /[*?]/.test(resource.replace(/\$\{[*?$]\}/g, ''))
      ? ['a permit for a pattern']
      : []),
    ...replyProblems(asked, replied),
  ];
};

/** Of a policy's one statement; undefined for a simple response. */
function resourceOf(answer: Answer): unknown {
  const policy = 'result' in answer ? membersOf(membersOf(answer.result)?.['policyDocument']) : undefined;
  const statements = policy?.['Statement'];
  return Array.isArray(statements) ? membersOf(statements[0])?.['Resource'] : undefined;
}
