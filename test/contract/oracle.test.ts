/** The golden events have the shape of AWS's own events, by schemas that we did not write: those of Powertools for AWS Lambda. */
import { APIGatewayRequestAuthorizerEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import { APIGatewayRequestAuthorizerEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { describe, expect, it } from 'vitest';
import {
  httpBareEvent,
  httpEvent,
  httpNamedStageEvent,
  httpV1Event,
  restCustomDomainEvent,
  restEdgeEvent,
  restEvent,
} from '../support/events.ts';

describe('the schema of a REQUEST authorizer event', () => {
  it.each([
    ['REST', restEvent()],
    ['REST, edge-optimised', restEdgeEvent()],
    ['REST, custom domain', restCustomDomainEvent()],
    ['HTTP 1.0', httpV1Event()],
  ])('accepts %s', (_, event) => {
    expect(APIGatewayRequestAuthorizerEventSchema.safeParse(event).error).toBeUndefined();
  });
});

describe('the schema of payload 2.0', () => {
  it.each([
    ['HTTP 2.0', httpEvent()],
    ['HTTP 2.0, named stage', httpNamedStageEvent()],
    ['HTTP 2.0, bare', httpBareEvent()],
  ])('accepts %s', (_, event) => {
    expect(APIGatewayRequestAuthorizerEventV2Schema.safeParse(event).error).toBeUndefined();
  });
});

describe('the schemas', () => {
  it('refuse a broken event, so passing them proves something', () => {
    expect(APIGatewayRequestAuthorizerEventSchema.safeParse(restEvent({ methodArn: undefined })).success).toBe(false);
    expect(APIGatewayRequestAuthorizerEventV2Schema.safeParse(httpEvent({ requestContext: null })).success).toBe(false);
  });
});
