/** The rules for a well-formed answer to API Gateway, written from AWS's rules and our documents, independently of the code. */
import { isRecord } from '../../local/loopback.ts';
import type { Answer } from './stage.ts';

const REASON = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

const contextProblems = (context: unknown): readonly string[] => {
  if (!isRecord(context)) return ['no context'];
  const odd = Object.entries(context).filter(([, value]) => typeof value !== 'string');
  const { effect, reasonCode, correlationId, reason, status, body, wwwAuthenticate = '' } = context;
  const denied = effect === 'deny';
  return [
    ...odd.map(([name]) => `context.${name} is no string`),
    ...(effect === 'permit' || denied ? [] : ['no effect']),
    ...(typeof reasonCode === 'string' && (reasonCode === 'PERMIT') !== denied
      ? []
      : ['a reasonCode that contradicts']),
    ...(typeof correlationId === 'string' && correlationId !== '' ? [] : ['no correlationId']),
    ...(denied === REASON.test(String(reason ?? '')) ? [] : ['a reason that cannot be pasted']),
    ...(denied === /^[45]\d\d$/.test(String(status ?? '')) ? [] : ['a status that is none']),
    ...(PRINTABLE.test(String(wwwAuthenticate)) && String(wwwAuthenticate).length <= 1024 ? [] : ['a bad challenge']),
    ...(body === undefined || PRINTABLE.test(String(body)) ? [] : ['a body beyond ASCII']),
  ];
};

const policyProblems = ({ principalId, policyDocument }: Readonly<Record<string, unknown>>): readonly string[] => {
  const statements = isRecord(policyDocument) ? policyDocument['Statement'] : undefined;
  const statement: unknown = Array.isArray(statements) && statements.length === 1 ? statements[0] : undefined;
  if (!isRecord(policyDocument) || !isRecord(statement)) return ['not one statement'];
  return [
    ...(typeof principalId === 'string' && principalId !== '' ? [] : ['no principalId']),
    ...(policyDocument['Version'] === '2012-10-17' ? [] : ['another policy version']),
    ...(statement['Action'] === 'execute-api:Invoke' ? [] : ['another action']),
    ...(statement['Effect'] === 'Allow' || statement['Effect'] === 'Deny' ? [] : ['no effect']),
    ...(typeof statement['Resource'] === 'string' && statement['Resource'] !== '' ? [] : ['no resource']),
    ...(Object.keys(statement).length === 3 ? [] : ['more in the statement than API Gateway needs']),
    ...(statement['Effect'] === 'Allow' && statement['Resource'] === '*' ? ['an Allow on everything'] : []),
  ];
};

export const effectOf = (answer: Answer): unknown => {
  if ('error' in answer || !isRecord(answer.result)) return undefined;
  const { policyDocument, isAuthorized } = answer.result;
  if (typeof isAuthorized === 'boolean') return isAuthorized ? 'Allow' : 'Deny';
  const statements = isRecord(policyDocument) ? policyDocument['Statement'] : undefined;
  const statement: unknown = Array.isArray(statements) ? statements[0] : undefined;
  return isRecord(statement) ? statement['Effect'] : undefined;
};

export const contextOf = (answer: Answer): Readonly<Record<string, unknown>> => {
  const context = 'result' in answer && isRecord(answer.result) ? answer.result['context'] : undefined;
  return isRecord(context) ? context : {};
};

/** Everything in an answer that API Gateway would not accept or that we do not document; empty for a good answer. */
export const answerProblems = (answer: Answer): readonly string[] => {
  if ('error' in answer) return answer.error === 'Unauthorized' ? [] : [`threw ${answer.error}`];
  const { result } = answer;
  if (!isRecord(result)) return ['no object'];
  const effect = effectOf(answer);
  const said = contextOf(answer)['effect'] === 'permit' ? 'Allow' : 'Deny';
  const shape = 'isAuthorized' in result ? ['isAuthorized', 'context'] : ['principalId', 'policyDocument', 'context'];
  return [
    ...('isAuthorized' in result ? [] : policyProblems(result)),
    ...contextProblems(result['context']),
    ...(effect === said ? [] : [`${String(effect)} with the context of ${said}`]),
    ...(Object.keys(result).sort().join() === shape.sort().join() ? [] : ['members that API Gateway does not know']),
  ];
};
