/** console.* as Lambda's Node.js runtime changes it: a prefix in the text format, a wrapping record in the JSON format. */
import { format } from 'node:util';

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
const ORDER = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

const jsonLine = (level, requestId, values) => {
  const record = { timestamp: new Date().toISOString(), level, requestId };
  const [first] = values;
  const message = values.length === 1 && typeof first === 'object' && first !== null ? first : format(...values);
  return JSON.stringify({ ...record, message });
};

/** What goes through process.stdout.write passes unchanged, in both formats. */
export const patchConsole = (requestIdOf, environment) => {
  const json = environment.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const threshold = json ? Math.max(0, ORDER.indexOf(environment.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE')) : 0;
  for (const [method, level] of Object.entries(LEVELS)) {
    if (ORDER.indexOf(level) < threshold) {
      console[method] = () => {};
      continue;
    }
    console[method] = (...values) => {
      const requestId = requestIdOf();
      const line = json
        ? jsonLine(level, requestId, values)
        : `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${format(...values)}`;
      process.stdout.write(`${line}\n`);
    };
  }
};
