/** The Lambda@Edge entry: an authorizer made of the settings that the package was built with, and nothing else. */
import { compose } from './compose.ts';
import { cloudFront } from './edge/cloudfront.ts';
import { type BakedSettings, loadEdgeConfig } from './edge/settings.ts';

/** Written here by scripts/package-edge.ts: an edge function has no environment variables. */
declare const EDGE_SETTINGS: BakedSettings;

const { config, gateway } = loadEdgeConfig(EDGE_SETTINGS);
const { authorize } = compose(cloudFront(gateway), config, {});

/** Takes a CloudFront viewer-request event. Declares two parameters: the runtime refuses handlers with more. */
export const handler = (event: unknown, context: unknown) => authorize(event, context);
