/** Gateway responses that tell the client of a REST API why; the twins of those in examples/rest-api.yaml. */
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

export interface ReasonResponsesOptions {
  /** `reason`: reason, reasonCode, correlationId. `problem`: RFC 9457. `pingone`: the JSON that PingOne sent, empty when it sent none. */
  readonly format?: 'reason' | 'problem' | 'pingone';
  /** Origin of the browser application. Without it a browser hides status and body. */
  readonly allowedOrigin?: string;
  /** 401 for step-up, with `unauthorizedAs: 'deny'`. The status is static: each denial gets it. */
  readonly deniedStatus?: 401 | 403;
}

const TITLES = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal Server Error' } as const;

interface Body {
  readonly reason: string;
  readonly reasonCode: string;
  readonly correlationId: string;
}

const DENIED: Body = {
  reason: '$context.authorizer.reason',
  reasonCode: '$context.authorizer.reasonCode',
  correlationId: '$context.authorizer.correlationId',
};
const UNAUTHORIZED: Body = {
  reason: 'A valid access token is required',
  reasonCode: 'UNAUTHENTICATED',
  correlationId: '$context.requestId',
};
const FAILED: Body = {
  reason: 'The request could not be authorized',
  reasonCode: '$context.error.responseType',
  correlationId: '$context.requestId',
};
/** `messageString` brings its own quotes. */
const OTHER =
  '{"reason":$context.error.messageString,"reasonCode":"$context.error.responseType","correlationId":"$context.requestId"}';

function problem(status: keyof typeof TITLES, { reason, ...ids }: Body): string {
  return JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail: reason, ...ids });
}

/**
 * Adds them to the API. CDK deploys the API again when they change.
 *
 * @example
 * addReasonResponses(restApi, { format: 'problem', allowedOrigin: 'https://app.example.com' });
 */
export function addReasonResponses(api: RestApi, options: ReasonResponsesOptions = {}): void {
  const { format = 'reason', allowedOrigin = '*', deniedStatus = 403 } = options;
  const cors = { 'Access-Control-Allow-Origin': `'${allowedOrigin}'` };
  const challenge = { ...cors, 'Access-Control-Expose-Headers': "'WWW-Authenticate'" };
  const contentType = { 'Content-Type': format === 'problem' ? "'application/problem+json'" : "'application/json'" };
  const render = (status: keyof typeof TITLES, body: Body) => ({
    'application/json': format === 'problem' ? problem(status, body) : JSON.stringify(body),
  });

  api.addGatewayResponse('AccessDenied', {
    type: ResponseType.ACCESS_DENIED,
    statusCode: String(deniedStatus),
    responseHeaders: { ...challenge, ...contentType, 'WWW-Authenticate': 'context.authorizer.wwwAuthenticate' },
    templates: format === 'pingone' ? { 'application/json': '$context.authorizer.body' } : render(deniedStatus, DENIED),
  });
  api.addGatewayResponse('Unauthorized', {
    type: ResponseType.UNAUTHORIZED,
    statusCode: '401',
    responseHeaders: { ...challenge, ...contentType, 'WWW-Authenticate': "'Bearer'" },
    templates: render(401, UNAUTHORIZED),
  });
  for (const type of [ResponseType.AUTHORIZER_FAILURE, ResponseType.AUTHORIZER_CONFIGURATION_ERROR]) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: '500',
      responseHeaders: { ...cors, ...contentType },
      templates: render(500, FAILED),
    });
  }
  for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX]) {
    // No status: it would replace the status of every type that is not named here.
    api.addGatewayResponse(type.responseType, {
      type,
      responseHeaders: cors,
      templates: { 'application/json': OTHER },
    });
  }
}
