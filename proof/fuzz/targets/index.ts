/** The targets in the order in which they are fuzzed. */
import type { Target } from '../target.ts';
import { apiGatewayTarget } from './api-gateway.ts';
import { challengeTarget } from './challenge.ts';
import { cloudFrontTarget } from './cloudfront.ts';
import { replyTarget } from './reply.ts';
import { settingsTarget } from './settings.ts';
import { urlTarget } from './url.ts';

export const TARGETS: readonly Target[] = [
  apiGatewayTarget,
  cloudFrontTarget,
  replyTarget,
  settingsTarget,
  urlTarget,
  challengeTarget,
];
