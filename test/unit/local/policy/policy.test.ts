/** The rules of the policy file: what it may say, and that each mistake is named where it is. */
import { describe, expect, it } from 'vitest';
import { parsePolicy, readPolicy } from '../../../../local/policy/policy.ts';

const OPERATION = { name: 'read', methods: ['GET'], path: '/' };
const fileWith = (operation: object): string =>
  JSON.stringify({
    realm: 'r',
    services: [{ name: 's', basePaths: ['/s'], operations: [{ ...OPERATION, ...operation }] }],
  });

describe('the policy file', () => {
  it('that ships is well-formed, and shows scopes, roles, a step-up, a header and a denial with its reason', async () => {
    const policy = await readPolicy(new URL('../../../../local/policy/policy.json', import.meta.url));
    const operations = policy.services.flatMap(service => service.operations);
    expect(operations.some(({ scopes }) => scopes.length > 0)).toBe(true);
    expect(operations.some(({ roles }) => roles.length > 0)).toBe(true);
    expect(operations.some(({ stepUp }) => stepUp !== undefined)).toBe(true);
    expect(operations.some(({ setHeaders }) => 'X-Customer-Tier' in setHeaders)).toBe(true);
    expect(operations.some(({ denied }) => denied.message.includes('manager'))).toBe(true);
  });

  it.each([
    ['that is not JSON', '{', 'the file is not JSON'],
    ['without services', '{"realm":"r"}', 'services must be an array'],
    ['with an empty list of services', '{"realm":"r","services":[]}', 'services must not be empty'],
    ['with an unknown field', fileWith({ role: ['x'] }), 'services[0].operations[0].role is unknown'],
    ['with a method that is no text', fileWith({ methods: [1] }), 'operations[0].methods[0] must be a string'],
    ['with a relative path', fileWith({ path: 'x' }), 'operations[0].path must start with a slash'],
    [
      'with a denial that permits',
      fileWith({ denied: { status: 200, code: 'A', message: 'b' } }),
      'denied.status must be',
    ],
    ['with half a step-up', fileWith({ stepUp: { acrValues: ['mfa'] } }), 'stepUp.maxAgeSeconds must be'],
    ['with a header that is no text', fileWith({ setHeaders: { A: 1 } }), 'setHeaders.A must be a string'],
  ])('%s is refused', (_title, source, problem) => {
    expect(() => parsePolicy(source)).toThrow(problem);
  });
});
