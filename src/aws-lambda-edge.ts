/** The Lambda@Edge entry: an authorizer made of the settings that the package was built with, and nothing else. */
import { composeEdge } from './compose-edge.ts';
import type { BakedSettings } from './edge/settings.ts';

/** Written here by scripts/package-edge.ts: an edge function has no environment variables. */
declare const EDGE_SETTINGS: BakedSettings;

const authorize = composeEdge(EDGE_SETTINGS);

/** Takes a CloudFront viewer-request event. Declares two parameters: the runtime refuses handlers with more. */
export const handler = (event: unknown, context: unknown) => authorize(event, context);
