/** The requests that `npm start` proposes: complete curl lines, each with what it shows and the status to expect. */
import { demoToken } from './policy/token.ts';

export type DemoRequest = {
  readonly shows: string;
  readonly expects: string;
  readonly curl: string;
};

export type Addresses = {
  readonly rest: string;
  readonly http: string;
  readonly edge: string;
  readonly control: string;
};

const TOKEN_HOURS = 12;

const bearer = (token: string): string => `-H 'Authorization: Bearer ${token}'`;

export const demoRequests = ({ rest, http, edge, control }: Addresses, nowSeconds: number): readonly DemoRequest[] => {
  const now = Math.floor(nowSeconds);
  const exp = now + TOKEN_HOURS * 3600;
  const alice = { sub: 'alice', scope: 'orders:read orders:write payments:write', tier: 'gold', exp };
  const token = bearer(demoToken(alice));
  const manager = bearer(demoToken({ sub: 'mara', scope: 'orders:write', roles: ['manager'], exp }));
  const fresh = bearer(demoToken({ ...alice, acr: 'mfa', auth_time: now }));
  const order = `${rest}/orders/7`;
  return [
    {
      shows: 'a permit: the policy sets X-Customer-Tier for the backend',
      expects: '200',
      curl: `curl -si ${token} ${order}`,
    },
    {
      shows: 'a forged copy of that header: the backend still gets gold',
      expects: '200',
      curl: `curl -si -H 'X-Customer-Tier: platinum' ${token} ${order}`,
    },
    { shows: 'a denial with its reason', expects: '403', curl: `curl -si -X DELETE ${token} ${order}` },
    { shows: 'the same as a manager', expects: '200', curl: `curl -si -X DELETE ${manager} ${order}` },
    { shows: 'a missing token', expects: '401', curl: `curl -si ${order}` },
    {
      shows: 'step-up: WWW-Authenticate asks for a second factor',
      expects: '403',
      curl: `curl -si -X POST ${token} ${rest}/payments`,
    },
    {
      shows: 'the same after a fresh second factor',
      expects: '200',
      curl: `curl -si -X POST ${fresh} ${rest}/payments`,
    },
    { shows: 'the HTTP API, simple responses: a permit', expects: '200', curl: `curl -si ${token} ${http}/orders/7` },
    { shows: 'the HTTP API: a denial', expects: '403', curl: `curl -si -X DELETE ${token} ${http}/orders/7` },
    { shows: 'CloudFront: a permit, its header applied', expects: '200', curl: `curl -si ${token} ${edge}/orders/7` },
    {
      shows: "CloudFront: a denial in PingOne's own words",
      expects: '403',
      curl: `curl -si -X DELETE ${token} ${edge}/orders/7`,
    },
    { shows: 'take the policy service down', expects: '200', curl: `curl -si -d down ${control}` },
    { shows: 'policy service down: still closed, and quick', expects: '403', curl: `curl -si ${token} ${order}` },
    { shows: 'bring it back', expects: '200', curl: `curl -si -d healthy ${control}` },
    { shows: 'rotate the gateway credential', expects: '200', curl: `curl -si -d rotate-credential ${control}` },
    { shows: 'permits flow on: the new credential was fetched', expects: '200', curl: `curl -si ${token} ${order}` },
  ];
};

/** For a real PingOne, whose tokens are not ours to make. */
export const pingOneRequests = ({ rest, http }: Addresses): readonly DemoRequest[] => {
  const token = '-H "Authorization: Bearer $ACCESS_TOKEN"';
  return [
    {
      shows: 'the REST API, with a token of your PingOne in ACCESS_TOKEN',
      expects: 'as your policy says',
      curl: `curl -si ${token} ${rest}/orders/7`,
    },
    { shows: 'the HTTP API', expects: 'as your policy says', curl: `curl -si ${token} ${http}/orders/7` },
    { shows: 'a missing token', expects: '401', curl: `curl -si ${rest}/orders/7` },
  ];
};
