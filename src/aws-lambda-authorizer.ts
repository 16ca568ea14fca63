/** The authorizer of a Lambda function, made of its environment variables; `aws-lambda-authorizer.mjs` is what Lambda loads. */
import { compose } from './compose.ts';
import { loadConfig } from './config/load-config.ts';
import { apiGateway } from './gateway/api-gateway.ts';

const config = loadConfig(process.env, process.execArgv, process.versions.node);
const { authorize, ready } = compose(apiGateway(config.answers), config, {});

/** Takes an API Gateway authorizer event. Declares two parameters: the runtime refuses handlers with more. */
export const handler = (event: unknown, context: unknown) => authorize(event, context);

/** What init has to wait for, if anything. */
export { ready };
