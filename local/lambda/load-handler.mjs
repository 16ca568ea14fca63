/** Finds the handler as Lambda's Node.js runtime does: which file a handler string means, how it is loaded, what is refused. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

const named = (name, message, cause) => Object.assign(new Error(message, { cause }), { name: `Runtime.${name}` });

/** `folder/file.nested.handler`: the module name ends at the first dot of the last path segment. */
const split = handlerString => {
  if (handlerString.includes('..'))
    throw named('MalformedHandlerName', `'${handlerString}' is not a valid handler name: it must not contain '..'`);
  const last = path.basename(handlerString);
  const match = /^([^.]*)\.(.*)$/.exec(last);
  if (match === null) throw named('MalformedHandlerName', `'${handlerString}' is not of the form module.function`);
  return { folder: handlerString.slice(0, handlerString.indexOf(last)), module: match[1], property: match[2] };
};

/** By import() whatever the ending, a CommonJS file too. */
const loadModule = async (taskRoot, folder, module) => {
  const base = path.resolve(taskRoot, folder, module);
  for (const ending of ['', '.js', '.mjs', '.cjs']) {
    if (existsSync(base + ending)) return import(pathToFileURL(base + ending).href);
  }
  // The runtime's last resort also finds a package in the task root's node_modules.
  return require(require.resolve(module, { paths: [taskRoot, path.resolve(taskRoot, folder)] }));
};

const find = (property, loaded) => property.split('.').reduce((value, key) => value?.[key], loaded);

export const loadHandler = async (taskRoot, handlerString) => {
  const { folder, module, property } = split(handlerString);
  const loaded = await loadModule(taskRoot, folder, module).catch(error => {
    if (error instanceof SyntaxError) throw named('UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    if (error?.code === 'MODULE_NOT_FOUND') throw named('ImportModuleError', `Error: ${error.message}`, error);
    throw error;
  });
  const handler = find(property, loaded) ?? find(property, loaded.default);
  if (handler === undefined) throw named('HandlerNotFound', `${handlerString} is undefined or not exported`);
  if (typeof handler !== 'function') throw named('HandlerNotFound', `${handlerString} is not a function`);
  // Node.js 24 has no callback handlers; a third declared parameter can only be the callback.
  if (handler.length >= 3)
    throw named(
      'CallbackHandlerDeprecated',
      `${handlerString} declares ${handler.length} parameters: callback handlers are not supported`,
    );
  return handler;
};
