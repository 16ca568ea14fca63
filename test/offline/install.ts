/** Installs serverless-offline once into a cache folder outside git: 136 MB that nobody should pay for with `npm ci`. */
import { type Installation, installOnce } from '../support/install-once.ts';

const OFFLINE = '14.8.2';
/** The MIT fork of the Serverless Framework: the original wants a login and downloads itself at its first run. */
const OSLS = '4.3.1';

export const install = async (): Promise<Installation> => {
  try {
    return await installOnce({
      name: `pingone-authorizer-offline-${OFFLINE}-osls-${OSLS}`,
      packages: [`osls@${OSLS}`, `serverless-offline@${OFFLINE}`],
      // serverless-offline names a serverless version as its peer that the fork does not answer to.
      flags: ['--legacy-peer-deps', '--ignore-scripts'],
      proof: 'node_modules/serverless-offline/package.json',
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `serverless-offline ${OFFLINE} with osls ${OSLS} cannot be installed: this suite needs npm and its registry.\n${reason}`,
      { cause },
    );
  }
};
