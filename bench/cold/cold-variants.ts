/** Which functions are started cold, and with which variables. */
import { exporting, type Variables, variablesFor } from '../bed/function.ts';
import type { Services } from '../bed/services.ts';
import { authorizer, authzen, bare, empty, fetching, flushing, type Variant } from '../variants.ts';

export interface ColdVariant extends Variant {
  readonly variables: Variables;
}

export const PLAIN = 'authorizer';
export const EXPORTING = 'authorizer, exporting spans';
export const SECRET = 'authorizer, Secrets Manager';
export const PARAMETER = 'authorizer, Parameter Store';

const CREDENTIAL = 'PINGONE_GATEWAY_CREDENTIAL';

/** The name of the same variant with its spans exported. */
export const spansToo = (name: string): string => `${name}, exporting spans`;

/** The controls first. `compileCache` is the folder of Node's compile cache for the variant that has one. */
export const coldVariants = (services: Services, compileCache: string): readonly ColdVariant[] => {
  const fixed = variablesFor(services);
  const spans = exporting(services);
  const stored = { ...without(fixed, CREDENTIAL), ...services.storeVariables };
  const secret = { ...stored, [`${CREDENTIAL}_SECRET`]: 'bench' };
  const parameter = { ...stored, [`${CREDENTIAL}_PARAMETER`]: '/bench' };
  const ours = (name: string, variables: Variables): ColdVariant => ({ ...authorizer(name, false), variables });
  return [
    ...[empty, bare, fetching, authzen].map(control => ({ ...control, variables: fixed })),
    { ...flushing, variables: { ...fixed, ...spans } },
    ours(PLAIN, fixed),
    ours('authorizer, no prewarm', { ...fixed, PINGONE_PREWARM: 'false' }),
    ours('authorizer, compile cache', { ...fixed, NODE_COMPILE_CACHE: compileCache }),
    ours(EXPORTING, { ...fixed, ...spans }),
    ours(SECRET, secret),
    ours(spansToo(SECRET), { ...secret, ...spans }),
    ours(PARAMETER, parameter),
    ours(spansToo(PARAMETER), { ...parameter, ...spans }),
  ];
};

function without(variables: Variables, name: string): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([key]) => key !== name));
}
