/** The requests of a life: each has a path and a token of its own, which bear its mark. */
import { drawn } from './chance.ts';
import { markOf } from './service.ts';
import type { World } from './world.ts';

/** What the client of a request sends as its token. */
export interface Token {
  readonly text: string;
  /** Whether it is a JWT at all. */
  readonly wellFormed: boolean;
  /** Its `exp`, in seconds since 1970; undefined if it has none. */
  readonly expiresAt: number | undefined;
}

export const tokenOf = (request: number, { random, clock }: World): Token => {
  const seconds = Math.floor(clock.now() / 1000);
  const expiresAt = drawn<number | undefined>(random, [
    [6, undefined],
    [3, seconds + 3600],
    [2, seconds + 2],
    [1, seconds - 600],
  ]);
  const wellFormed = random() < 0.9;
  const claims = { sub: `${markOf(request)}sub`, ...(expiresAt === undefined ? {} : { exp: expiresAt }) };
  const text = `${encoded({ alg: 'RS256' })}.${encoded(claims)}.c2lnbmF0dXJl`;
  return { text: wellFormed ? text : `opaque-${request}`, wellFormed, expiresAt: wellFormed ? expiresAt : undefined };
};

/** A REST API's event. */
export const eventOf = (request: number, { text }: Pick<Token, 'text'>): object => {
  const path = `/r/${request}`;
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:123456789012:api1/dev/GET${path}`,
    resource: '/r/{id}',
    path,
    httpMethod: 'GET',
    multiValueHeaders: { Host: ['api1.example'], Authorization: [`Bearer ${text}`] },
    multiValueQueryStringParameters: {},
    requestContext: {
      path: `/dev${path}`,
      domainName: 'api1.example',
      requestId: `request-${request}`,
      identity: { sourceIp: '192.0.2.1' },
    },
  };
};

/** The reason code of an answer, or what was thrown. */
export function effectOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('context' in answer)) return `threw ${String(answer)}`;
  const { context } = answer;
  if (typeof context !== 'object' || context === null || !('reasonCode' in context)) return 'no context';
  return String(context.reasonCode);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
