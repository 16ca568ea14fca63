/** What every control sends and answers, so that they differ from each other in nothing but how they call. */

interface RestEvent {
  readonly methodArn: string;
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly domainName: string;
    readonly path: string;
    readonly identity: { sourceIp: string };
  };
}

export const ENDPOINT = `${process.env['PINGONE_SERVICE_URL']}/sideband/request`;
export const HEADERS = {
  'content-type': 'application/json',
  'CLIENT-TOKEN': process.env['PINGONE_GATEWAY_CREDENTIAL'] ?? '',
};

export type { RestEvent };

/** The sideband request of an event, in the fewest steps. */
export const bodyOf = (event: RestEvent): string =>
  JSON.stringify({
    source_ip: event.requestContext.identity.sourceIp,
    source_port: 49152,
    method: event.httpMethod,
    url: `https://${event.requestContext.domainName}${event.requestContext.path}`,
    http_version: '1.1',
    headers: Object.entries(event.headers).map(([name, value]) => ({ [name]: value })),
  });

/** A policy on exactly what was asked. */
export const policyFor = (event: RestEvent, permitted: boolean) => ({
  principalId: 'pingone',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: permitted ? 'Allow' : 'Deny', Resource: event.methodArn }],
  },
  context: { effect: permitted ? 'permit' : 'deny' },
});
