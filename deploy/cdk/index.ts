/** Entry of `pingone-lambda-authorizer/cdk`. */
export type { CredentialSource } from './access.ts';
export {
  type AlarmThresholds,
  AuthorizerAlarms,
  type AuthorizerAlarmsProps,
  AuthorizerDashboards,
} from './monitoring.ts';
export { PingOneAuthorizer, type PingOneAuthorizerProps } from './pingone-authorizer.ts';
export { addReasonResponses, type ReasonResponsesOptions } from './reason-responses.ts';
export type { AuthorizerSettings } from './settings.ts';
