/** What a piece of work threw, to be looked at closer than `toThrow` allows. */
import { AuthorizerError } from '../../src/domain/errors.ts';

/** The error that the work ends with; fails where it succeeds. */
export const faultOf = async (work: () => unknown): Promise<AuthorizerError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof AuthorizerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

/** The code alone. */
export const codeOf = async (work: () => unknown): Promise<string> => (await faultOf(work)).code;
