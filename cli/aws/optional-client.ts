/** AWS's clients that only some options need: they are loaded then, and whoever lacks one is told how to get it. */
import { UsageError } from '../command-line.ts';

/** One HTTP exchange, in ms: a command that waits longer looks as if it hung. */
export const CLIENT_SETTINGS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
} as const;

/** @throws UsageError if the package is not installed */
export const loadClient = async <T>(name: string, option: string, load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    throw new UsageError(
      `${option} needs the package ${name}, which is not installed. Install it beside this one:\n  npm install ${name}`,
      { cause },
    );
  }
};
