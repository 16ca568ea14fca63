/** Entry of `pingone-lambda-authorizer/cdk`. */
export type { CredentialSource } from './access.ts';
export type { EdgeSettings } from './edge-package.ts';
export type { CrossAccountApi } from './gateway-authorizers.ts';
export {
  type AlarmThresholds,
  AuthorizerAlarms,
  type AuthorizerAlarmsProps,
  AuthorizerDashboards,
} from './monitoring.ts';
export { PingOneAuthorizer, type PingOneAuthorizerProps } from './pingone-authorizer.ts';
export { PingOneEdgeAuthorizer, type PingOneEdgeAuthorizerProps } from './pingone-edge-authorizer.ts';
export { addReasonResponses, type ReasonResponsesOptions } from './reason-responses.ts';
export type { AuthorizerSettings } from './settings.ts';
