/** Gateway responses of a REST API: what the client gets where no backend answers. Static status, plain substitution, no VTL. */
import { type GatewayReply, type HeaderList, jsonReply } from './request.ts';
import { resolveVariable, type Variables } from './variables.ts';

const RESPONSE_TYPES = {
  ACCESS_DENIED: { status: 403, errorType: 'AccessDeniedException' },
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException' },
  AUTHORIZER_FAILURE: { status: 500, errorType: 'AuthorizerFailureException' },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, errorType: 'AuthorizerConfigurationException' },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, errorType: 'MissingAuthenticationTokenException' },
  REQUEST_TOO_LARGE: { status: 413, errorType: 'RequestTooLargeException' },
  URI_TOO_LONG: { status: 414, errorType: 'RequestUriTooLongException' },
  INTEGRATION_FAILURE: { status: 504, errorType: 'InternalServerErrorException' },
} as const;

export type ResponseType = keyof typeof RESPONSE_TYPES;

/** As in AWS::ApiGateway::GatewayResponse. */
export type GatewayResponse = {
  readonly statusCode?: string;
  readonly responseParameters?: Readonly<Record<string, string>>;
  readonly responseTemplates?: Readonly<Record<string, string>>;
};

export type GatewayResponses = Readonly<Partial<Record<ResponseType | 'DEFAULT_4XX' | 'DEFAULT_5XX', GatewayResponse>>>;

export type GatewayError = {
  readonly type: ResponseType;
  /** Null is what AWS says of authorizer failures. */
  readonly message: string | null;
};

const VARIABLE = /\$((?:context|stageVariables|method\.request\.(?:header|querystring|path))(?:\.[A-Za-z0-9_-]+)+)/g;
const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';
const HEADER_PREFIX = 'gatewayresponse.header.';

/** Values are pasted as they are: nothing escapes them, and a value that is not there leaves nothing. */
export const renderTemplate = (template: string, variables: Variables): string =>
  template.replaceAll(VARIABLE, (_whole, expression: string) => resolveVariable(expression, variables) ?? '');

/** `'static'` in single quotes, or the expression of a value; undefined leaves the header out. */
export const parameterValue = (expression: string, variables: Variables): string | undefined =>
  expression.startsWith("'") && expression.endsWith("'")
    ? expression.slice(1, -1)
    : resolveVariable(expression, variables);

const withError = (variables: Variables, { type, message }: GatewayError): Variables => ({
  ...variables,
  context: {
    ...variables.context,
    error: { message: message ?? 'null', messageString: JSON.stringify(message), responseType: type },
  },
});

export const renderGatewayResponse = (
  error: GatewayError,
  configured: GatewayResponses,
  variables: Variables,
  requestHeaders: HeaderList,
): GatewayReply => {
  const { status, errorType } = RESPONSE_TYPES[error.type];
  const fallback = configured[status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  const chosen = configured[error.type] ?? fallback;
  const own: HeaderList = [['x-amzn-ErrorType', errorType], ...requestHeaders];
  // The capital M is AWS's, in its own denials only.
  if (chosen === undefined)
    return jsonReply(
      status,
      error.type === 'ACCESS_DENIED' ? { Message: error.message } : { message: error.message },
      own,
    );
  const scope = withError(variables, error);
  const [contentType, template] = Object.entries(chosen.responseTemplates ?? {})[0] ?? [
    'application/json',
    DEFAULT_TEMPLATE,
  ];
  const headers = Object.entries(chosen.responseParameters ?? {}).flatMap(([target, expression]) => {
    const value = target.startsWith(HEADER_PREFIX) ? parameterValue(expression, scope) : undefined;
    return value === undefined ? [] : [[target.slice(HEADER_PREFIX.length), value] as const];
  });
  const replaced = new Set(headers.map(([name]) => name.toLowerCase()));
  const defaults: HeaderList = [['content-type', contentType], ...own];
  return {
    status: Number(chosen.statusCode ?? fallback?.statusCode ?? status),
    headers: [...defaults.filter(([name]) => !replaced.has(name.toLowerCase())), ...headers],
    body: Buffer.from(renderTemplate(template, scope)),
  };
};
