/** Decision -> what API Gateway takes for an answer: an IAM policy, a simple response, or an error to throw. */
import type { AnswerSettings } from '../config/groups.ts';
import type { Decision, Deny } from '../domain/decision.ts';
import { AuthorizerError, type FaultCode, type PolicyReason } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import { type AuthorizerContext, type ContextIds, contextOf } from './context.ts';
import { NO_PRINCIPAL, principalOf } from './principal.ts';

export interface IamResult {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    // The array is not readonly, because that of AWS's own type is not.
    readonly Statement: [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string },
    ];
  };
  readonly context: AuthorizerContext;
}

export interface SimpleResult {
  readonly isAuthorized: boolean;
  readonly context: AuthorizerContext;
}

export type AuthorizerResult = IamResult | SimpleResult;

/**
 * A resource is a glob with variables: `*`, `?` and `${` in the client's path, taken as they are, would allow more than
 * that path. Escaped, they allow just it; were API Gateway not to know the escapes, nothing.
 */
const literal = (arn: string): string => arn.replace(/[*?]|\$(?=\{)/g, character => `\${${character}}`);

const isFault = (code: PolicyReason | FaultCode): code is FaultCode =>
  code !== 'POLICY_DENIED' && code !== 'UNAUTHENTICATED' && code !== 'STEP_UP_REQUIRED';

/** API Gateway turns exactly this message into its 401; any other text would be a 500. */
const unauthorized = (): Error => new Error('Unauthorized');

const errorFor = (denial: Deny, settings: AnswerSettings): Error | undefined => {
  if (isFault(denial.reasonCode)) {
    return settings.failClosedAs === 'error'
      ? new AuthorizerError(denial.reasonCode, { detail: denial.reason })
      : undefined;
  }
  // A challenge that came with a 403 would be lost with a thrown error: only PingOne's own 401 is one.
  return (denial.answer?.status ?? denial.status) === 401 && settings.unauthorizedAs === 'throw'
    ? unauthorized()
    : undefined;
};

/** Simple responses exist for payload 2.0 alone; REST, WebSocket and 1.0 are answered in the only form they know. */
const answersSimply = (kind: Envelope['kind'], settings: AnswerSettings): boolean =>
  settings.responseFormat === 'simple' && (kind === 'http-2.0' || kind === undefined);

/**
 * Builds the answer.
 * @throws Error `Unauthorized` for a 401 of PingOne's with `UNAUTHORIZED_AS=throw`.
 * @throws AuthorizerError for a denial that is not PingOne's with `FAIL_CLOSED_AS=error`.
 */
export const toResult = (
  decision: Decision,
  envelope: Envelope,
  request: AccessRequest | undefined,
  ids: ContextIds,
  settings: AnswerSettings,
): AuthorizerResult => {
  const permitted = decision.effect === 'permit';
  const error = decision.effect === 'deny' ? errorFor(decision, settings) : undefined;
  if (error !== undefined) throw error;

  const context = contextOf(decision, settings.forwardHeaders, ids);
  if (answersSimply(envelope.kind, settings)) return { isAuthorized: permitted, context };
  const result: IamResult = {
    principalId: permitted && request !== undefined ? principalOf(request) : NO_PRINCIPAL,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: permitted ? 'Allow' : 'Deny',
          Resource: permitted ? literal(envelope.arn) : envelope.arn,
        },
      ],
    },
    context,
  };
  return envelope.kind === 'websocket' && !permitted ? shortened(result) : result;
};

/** The longest answer that a WebSocket API takes, in bytes of JSON; a longer one would be its 500. */
const LONGEST_WEBSOCKET_ANSWER = 8192;
/** What only explains a denial, longest first. */
const EXPENDABLE = ['body', 'wwwAuthenticate'];

const shortened = (result: IamResult): IamResult =>
  EXPENDABLE.reduce(
    (answer, key) =>
      Buffer.byteLength(JSON.stringify(answer)) < LONGEST_WEBSOCKET_ANSWER ? answer : without(answer, key),
    result,
  );

const without = (result: IamResult, key: string): IamResult => ({
  ...result,
  context: Object.fromEntries(Object.entries(result.context).filter(([name]) => name !== key)),
});
