/** The viewer-request event that CloudFront makes of a client's request. */
import type { CloudFrontHeaders, CloudFrontRequestEvent } from 'aws-lambda';
import { type GatewayRequest, splitTarget } from '../gateway/request.ts';
import { isDisallowed } from './header-rules.ts';
import { textOf } from './wire-text.ts';

/** A body is cut off here. */
const SHOWN_BODY_BYTES = 40 * 1024;

export type Distribution = {
  readonly id: string;
  readonly domainName: string;
  /** Show functions the request body. */
  readonly includeBody: boolean;
};

const headersOf = ({ headers }: GatewayRequest): CloudFrontHeaders => {
  const map = new Map<string, CloudFrontHeaders[string]>();
  for (const [key, value] of headers) {
    const name = key.toLowerCase();
    if (!isDisallowed(name)) map.set(name, [...(map.get(name) ?? []), { key, value: textOf(value) }]);
  }
  return Object.fromEntries(map);
};

export const viewerRequestEvent = (
  request: GatewayRequest,
  body: Buffer,
  { id, domainName, includeBody }: Distribution,
): CloudFrontRequestEvent => {
  const { path, query } = splitTarget(request.target);
  const shown = {
    body: {
      inputTruncated: body.length > SHOWN_BODY_BYTES,
      action: 'read-only' as const,
      encoding: 'base64' as const,
      data: body.subarray(0, SHOWN_BODY_BYTES).toString('base64'),
    },
  };
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: domainName,
            distributionId: id,
            eventType: 'viewer-request',
            requestId: request.requestId,
          },
          request: {
            clientIp: request.sourceIp,
            headers: headersOf(request),
            method: request.method,
            querystring: query,
            uri: path,
            ...(includeBody ? shown : {}),
          },
        },
      },
    ],
  };
};
