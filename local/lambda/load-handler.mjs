/** Finds the handler as Lambda's Node.js runtime does: which file a handler string means, how it is loaded, what is refused. */
import { existsSync, readFileSync } from 'node:fs';
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

const isModulePackage = folder => {
  if (folder.endsWith('/node_modules')) return false;
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest)) {
    try {
      return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    } catch {
      return false;
    }
  }
  return folder === '/' ? false : isModulePackage(path.dirname(folder));
};

const requireFile = file => (existsSync(file) ? require(file) : undefined);
const importFile = file => (existsSync(file) ? import(pathToFileURL(file).href) : undefined);

const loadModule = async (taskRoot, folder, module) => {
  const base = path.resolve(taskRoot, folder, module);
  const esm = isModulePackage(path.dirname(base));
  const loaded =
    requireFile(base) ??
    (esm ? await importFile(`${base}.js`) : requireFile(`${base}.js`)) ??
    (await importFile(`${base}.mjs`)) ??
    requireFile(`${base}.cjs`);
  if (loaded !== undefined) return loaded;
  // The runtime's last resort also finds a package in the task root's node_modules.
  return require(require.resolve(module, { paths: [taskRoot, path.resolve(taskRoot, folder)] }));
};

export const loadHandler = async (taskRoot, handlerString) => {
  const { folder, module, property } = split(handlerString);
  const loaded = await loadModule(taskRoot, folder, module).catch(error => {
    if (error instanceof SyntaxError) throw named('UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    if (error?.code === 'MODULE_NOT_FOUND') throw named('ImportModuleError', `Error: ${error.message}`, error);
    throw error;
  });
  const handler = property.split('.').reduce((value, key) => value?.[key], loaded);
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
