/** CloudFront viewer-request events, each with every part open to overrides, and what their requests are made of. */
import type { CloudFrontRequest, CloudFrontRequestEvent } from 'aws-lambda';

export const HOST = 'shop.example.org';
export const BEARER = 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsInNjb3BlIjoib3JkZXJzOnJlYWQifQ.c2lnbmF0dXJl';

/** Lines as CloudFront groups them: by lower-case name, the client's spelling in `key`. */
export const headersOf = (
  ...lines: readonly (readonly [key: string, value: string])[]
): Record<string, { key: string; value: string }[]> => {
  const map = new Map<string, { key: string; value: string }[]>();
  for (const [key, value] of lines) {
    map.set(key.toLowerCase(), [...(map.get(key.toLowerCase()) ?? []), { key, value }]);
  }
  return Object.fromEntries(map);
};

export const REQUEST: CloudFrontRequest = {
  clientIp: '2001:db8:85a3::8a2e:370:7334',
  headers: headersOf(
    ['Host', HOST],
    ['User-Agent', 'curl/8.5.0'],
    ['Accept', '*/*'],
    ['Authorization', BEARER],
    ['X-Tag', 'a'],
    ['X-Tag', 'b'],
    ['Cookie', 'theme=light; lang=en'],
  ),
  method: 'GET',
  querystring: 'size=large&tag=a%20b&tag=c+d&empty=&flag',
  uri: '/products/a%2Fb/caf%C3%A9',
};

export const CONFIG = {
  distributionDomainName: 'd111111abcdef8.cloudfront.net',
  distributionId: 'EDFDVBD6EXAMPLE',
  eventType: 'viewer-request',
  requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
} as const;

export const eventOf = (request: unknown, config: unknown = CONFIG): unknown => ({
  Records: [{ cf: { config, request } }],
});

export const viewerRequest = (overrides: Partial<CloudFrontRequest> = {}): CloudFrontRequestEvent => ({
  Records: [{ cf: { config: CONFIG, request: { ...REQUEST, ...overrides } } }],
});

/** A body as Include Body shows it. */
export const shownBody = (bytes: string | Buffer, inputTruncated = false): NonNullable<CloudFrontRequest['body']> => ({
  inputTruncated,
  action: 'read-only',
  encoding: 'base64',
  data: Buffer.from(bytes).toString('base64'),
});
