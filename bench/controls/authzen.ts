/**
 * A peer: the Lambda authorizer with which the OpenID AuthZEN working group shows its API on AWS API Gateway, written anew
 * from what it does. It reads the token's subject without verifying it, asks an AuthZEN service whether that user may use
 * the route, logs each step, has no time limit, and refuses if anything fails. It calls through node-fetch; here it is
 * Node's own fetch, which keeps connections alive too.
 */

interface HttpApiEvent {
  readonly routeKey: string;
  readonly headers: Readonly<Record<string, string>>;
}

const EVALUATION = `${process.env['BENCH_AUTHZEN_URL']}/access/v1/evaluation`;

export const handler = async (event: HttpApiEvent): Promise<{ readonly isAuthorized: boolean }> => ({
  isAuthorized: await evaluate(event),
});

async function evaluate({ headers, routeKey }: HttpApiEvent): Promise<boolean> {
  const id = subjectOf(headers['authorization'] ?? '');
  if (id === undefined) return false;
  const [name = '', route = ''] = routeKey.split(' ');
  console.log(`asking ${EVALUATION}`);
  console.log(`method ${name}`);
  console.log(`route ${route}`);
  const question = {
    subject: { type: 'user', id },
    action: { name },
    resource: { type: 'route', id: route },
    context: {},
  };
  console.log(question);
  try {
    const response = await fetch(EVALUATION, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: process.env['PINGONE_GATEWAY_CREDENTIAL'] ?? '' },
      body: JSON.stringify(question),
    });
    const reply: unknown = await response.json();
    console.log(reply);
    const permitted = typeof reply === 'object' && reply !== null && 'decision' in reply && reply.decision === true;
    console.log(`decision ${permitted}`);
    return permitted;
  } catch (error) {
    console.error(String(error));
    return false;
  }
}

function subjectOf(authorization: string): string | undefined {
  const [, payload = ''] = authorization.slice('Bearer '.length).split('.');
  if (payload === '') return undefined;
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const subject = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined;
  return typeof subject === 'string' ? subject : undefined;
}
