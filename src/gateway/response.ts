/** Decision -> the answer for API Gateway: an IAM policy, a simple response, or an error to throw. */
import type { AnswerSettings } from '../config/configuration.ts';
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
    // The tuple is not readonly, because the array in AWS's own type is not.
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
 * Builds the answer.
 * @throws Error `Unauthorized` for a 401 from PingOne with `UNAUTHORIZED_AS=throw`.
 * @throws AuthorizerError for a fault with `FAIL_CLOSED_AS=error`.
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

function errorFor(denial: Deny, settings: AnswerSettings): Error | undefined {
  if (isFault(denial.reasonCode)) {
    return settings.failClosedAs === 'error'
      ? new AuthorizerError(denial.reasonCode, { detail: denial.reason })
      : undefined;
  }
  // A thrown error loses the challenge. So a step-up for which PingOne gave another code, or none, is not thrown.
  const status = denial.answer === undefined ? denial.status : denial.answer.status;
  return status === 401 && settings.unauthorizedAs === 'throw' ? unauthorized() : undefined;
}

function isFault(code: PolicyReason | FaultCode): code is FaultCode {
  return code !== 'POLICY_DENIED' && code !== 'UNAUTHENTICATED' && code !== 'STEP_UP_REQUIRED';
}

/** API Gateway answers 401 for exactly this message, and 500 for any other. */
function unauthorized(): Error {
  return new Error('Unauthorized');
}

/** Only payload 2.0 has simple responses. REST, WebSocket and payload 1.0 get a policy even if the setting says `simple`. */
function answersSimply(kind: Envelope['kind'], settings: AnswerSettings): boolean {
  return settings.responseFormat === 'simple' && (kind === 'http-2.0' || kind === undefined);
}

/**
 * The ARN as a resource that matches nothing else. A resource is a pattern, in which `*`, `?` and `${` of the client's
 * path would allow other paths too. If API Gateway did not know the escapes, the resource would allow nothing.
 */
function literal(arn: string): string {
  return arn.replace(/[*?]|\$(?=\{)/g, character => `\${${character}}`);
}

/** The context keys that a denial can do without, longest first. */
const EXPENDABLE = ['body', 'wwwAuthenticate'];
/** In bytes of JSON. A WebSocket API answers 500 if the authorizer's answer is longer. */
const MAX_WEBSOCKET_ANSWER = 8192;

function shortened(result: IamResult): IamResult {
  return EXPENDABLE.reduce(
    (answer, key) => (Buffer.byteLength(JSON.stringify(answer)) < MAX_WEBSOCKET_ANSWER ? answer : without(answer, key)),
    result,
  );
}

function without(result: IamResult, key: string): IamResult {
  return {
    ...result,
    context: Object.fromEntries(Object.entries(result.context).filter(([name]) => name !== key)),
  };
}
