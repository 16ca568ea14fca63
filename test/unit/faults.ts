/** Catches the error that a piece of work throws, for a closer look than `toThrow` allows. */
import { AuthorizerError } from '../../src/domain/errors.ts';

/** The error that the work ends with. Fails if the work succeeds. */
export const faultOf = async (work: () => unknown): Promise<AuthorizerError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof AuthorizerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

/** Only the error's code. */
export const codeOf = async (work: () => unknown): Promise<string> => (await faultOf(work)).code;
