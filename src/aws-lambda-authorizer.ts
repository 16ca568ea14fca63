/** The Lambda entry: an authorizer made of the function's environment variables, and nothing else. */
import { createAuthorizer } from './compose.ts';
import { loadConfig } from './config.ts';

const authorize = createAuthorizer(loadConfig(process.env));

/** Takes an API Gateway authorizer event. Declares two parameters: the runtime refuses handlers with more. */
export const handler = (event: unknown, context: unknown) => authorize(event, context);
