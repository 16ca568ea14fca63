/** The rooms between an event and its answer, and the tests that their mutants face. */

/** Globs of test files, below test/. They run the code in their own process, and most of them without a socket. */
const TESTS = {
  domain: ['unit/domain'],
  lambda: ['unit/lambda', 'unit/gateway'],
  sideband: ['unit/sideband'],
  config: ['unit/config'],
  credential: ['unit/credential'],
  pdp: ['unit/pdp', 'contract/breaker.test.ts'],
  gate: ['unit/gate'],
  corridor: ['unit/corridor'],
  gateway: ['unit/gateway'],
  edge: [
    'edge/{client-address,cors,edited-request,event,preflight,quotas,response,settings,stored-settings}.test.ts',
    'unit/compose-edge.test.ts',
  ],
} as const;

export type Room = keyof typeof TESTS;

export const ROOMS = Object.keys(TESTS) as readonly Room[];

/** Globs of the tests that the mutants of a room face, below the project. */
export const testsOf = (room: Room): readonly string[] =>
  TESTS[room].map(path => `test/${path}${path.endsWith('.ts') ? '' : '/**/*.test.ts'}`);

export const isRoom = (name: string): name is Room => Object.hasOwn(TESTS, name);
