/** The library: what other hosts of the authorizer import. */
export type { Overrides } from './compose.ts';
export { createAuthorizer } from './compose.ts';
export type { AuthorizerConfig, Environment, InvalidConfig, LoadedConfig } from './config.ts';
export { loadConfig } from './config.ts';
export type { ReasonCode } from './errors.ts';
export { AuthorizerError } from './errors.ts';
export type { AuthorizerResult, IamResult, SimpleResult } from './gateway/response.ts';
export type { Clock } from './pdp/deadline.ts';
export type { FetchSecret } from './pdp/secret-stores.ts';
export type { Post, Send } from './pdp/send.ts';
export type { ApiGatewayAuthorizer, Authorizer } from './serve.ts';
export type { SidebandReply } from './sideband/wire.ts';
