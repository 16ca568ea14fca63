/** Policy services that the command is pointed at: the embedded one, and ones with a fault of their own. */
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { type Policy, readPolicy } from '../../local/policy/policy.ts';
import { type PolicyService, startPolicyService } from '../../local/policy/policy-service.ts';
import { demoToken } from '../../local/policy/token.ts';
import { type FakePdp, type FakePdpOptions, startFakePdp } from '../support/fake-pdp.ts';
import type { Variables } from './command.ts';

export const CANARY = 'canary-claim';

/** A gateway credential for a Service URL, with claims that nobody may show. */
export const credentialFor = (serviceUrl: string, claims: object = {}): string =>
  demoToken({
    environmentId: serviceUrl.slice(serviceUrl.lastIndexOf('/') + 1),
    gatewayId: 'g-1',
    gatewayName: CANARY,
    gatewayType: 'API_GATEWAY_INTEGRATION',
    httpAccessApiUrl: serviceUrl,
    organizationId: CANARY,
    iat: Math.floor(Date.now() / 1000) - 86_400,
    ...claims,
  });

/** Settings for a service, with a credential that fits. */
export const settingsFor = (serviceUrl: string, credential = credentialFor(serviceUrl)): Variables => ({
  PINGONE_SERVICE_URL: serviceUrl,
  PINGONE_GATEWAY_CREDENTIAL: credential,
});

/** The embedded service for one test, with the demo's policy unless it is told another. */
export const startService = async (policy?: Policy): Promise<PolicyService> => {
  const demo = await readPolicy(new URL('../../local/policy/policy.json', import.meta.url));
  const service = await startPolicyService({ policy: policy ?? demo });
  onTestFinished(() => service.close());
  return service;
};

/** A scripted one for one test. */
export const startPdp = async (options: FakePdpOptions): Promise<FakePdp> => {
  const pdp = await startFakePdp(options);
  onTestFinished(() => pdp.close());
  return pdp;
};

/** Asks for a token, as PingOne does. */
export const CHALLENGE = { kind: 'deny', code: '401', headers: [['WWW-Authenticate', 'Bearer']] } as const;

/** A service that asks for a token, and whose clock is so many seconds off. */
export const startServiceWithClock = async (seconds: number): Promise<string> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const echo: unknown = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
      const denial = { response_code: '401', headers: [{ 'www-authenticate': 'Bearer' }] };
      response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
      response.end(JSON.stringify(Object.assign({}, echo, { response: denial })));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the service has no port');
  return `http://127.0.0.1:${address.port}/v1/environments/e1`;
};
