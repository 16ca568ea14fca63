/**
 * What Lambda loads: holds init open until telemetry is registered, where spans are exported.
 * Only an ES module can: Lambda's runtime client asks for the first event in the same turn of the event loop in which it loads
 * a CommonJS handler, and from then on refuses registrations. The authorizer itself stays CommonJS, because a static import of
 * node:http in an ES module loads Node's undici.
 */
import { createRequire } from 'node:module';

const { handler, ready } = createRequire(import.meta.url)('./authorizer.js');
if (ready !== undefined) await ready;

export { handler };
