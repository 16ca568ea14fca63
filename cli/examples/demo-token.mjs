/** Prints a bearer token of a person of the demo shop: unsigned, so that nothing but the policy service of `npm start` takes it. */
const now = Math.floor(Date.now() / 1000);
const exp = now + 3600;
const alice = { sub: 'alice', scope: 'orders:read orders:write payments:write', tier: 'gold', exp };
const claims = {
  alice,
  'alice-mfa': { ...alice, acr: 'mfa', auth_time: now },
  expired: { ...alice, exp: now - 60 },
  mara: { sub: 'mara', scope: 'orders:write', roles: ['manager'], exp },
}[process.argv[2] ?? ''];

if (claims === undefined) throw new Error('name a person: alice, alice-mfa, expired or mara');
const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
process.stdout.write(`${part({ alg: 'none' })}.${part(claims)}.unsigned\n`);
