/** The zip that comes with the package. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** The same place seen from deploy/cdk and, once compiled, from dist/cdk and dist/cdk-commonjs. */
const ZIP = join(import.meta.dirname, '../../dist/aws-lambda-authorizer.zip');

/** @throws Error if it was not built */
export function packagedCode(): Code {
  if (!existsSync(ZIP)) throw new Error(`${ZIP} is missing: run "npm run package", or pass "code".`);
  return Code.fromAsset(ZIP);
}
