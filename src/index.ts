/** The library: what other hosts of the authorizer import. */

export { createAuthorizer } from './compose.ts';
export type { Overrides } from './compose-parts.ts';
export type { AuthorizerConfig, Environment, InvalidConfig, LoadedConfig } from './config/configuration.ts';
export { loadConfig, loadSettings } from './config/load-config.ts';
export type { AuthorizerSettings } from './config/typed-settings.ts';
export type { Authorizer } from './corridor/authorizer.ts';
export type { FetchSecret } from './credential/secret-stores.ts';
export type { Clock } from './domain/clock.ts';
export type { ReasonCode } from './domain/errors.ts';
export { AuthorizerError } from './domain/errors.ts';
export type { ApiGatewayAuthorizer } from './gateway/api-gateway.ts';
export type { AuthorizerResult, IamResult, SimpleResult } from './gateway/response.ts';
export type { Post, Send } from './pdp/send.ts';
export type { SidebandReply } from './sideband/wire.ts';
