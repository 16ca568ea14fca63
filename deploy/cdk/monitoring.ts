/** Alarms and dashboards of one authorizer, from the files in dashboards/ that people also deploy by hand. */
import { join } from 'node:path';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { Construct } from 'constructs';
import type { PingOneAuthorizer } from './pingone-authorizer.ts';

/** When an alarm starts. What to do then: the runbook, docs/operating.md. */
export interface AlarmThresholds {
  /** Share of requests that are denied without PingOne's answer, in percent. @default 5 */
  readonly failClosedPercent?: number;
  /** A minute with fewer requests is not judged. @default 10 */
  readonly failClosedMinimumRequests?: number;
  /** The slowest 1 % of decisions, in milliseconds. @default 2000 */
  readonly latencyP99Milliseconds?: number;
  /** Five minutes with fewer requests are not judged. @default 100 */
  readonly latencyMinimumRequests?: number;
  /** @default 1 */
  readonly breakerRefusalsPerMinute?: number;
  /** In five minutes, over all environments. @default 10 */
  readonly breakerOpenings?: number;
  /** In five minutes. @default 1 */
  readonly credentialRefreshFailures?: number;
  /** In five minutes. @default 2 */
  readonly errorsWithoutDecision?: number;
  /** @default 1 */
  readonly throttlesPerMinute?: number;
}

export interface AuthorizerAlarmsProps extends AlarmThresholds {
  readonly authorizer: PingOneAuthorizer;
  /** Is told when an alarm starts and ends. @default alarms only show in CloudWatch */
  readonly topic?: ITopic;
}

const DEFAULTS: Required<AlarmThresholds> = {
  failClosedPercent: 5,
  failClosedMinimumRequests: 10,
  latencyP99Milliseconds: 2000,
  latencyMinimumRequests: 100,
  breakerRefusalsPerMinute: 1,
  breakerOpenings: 10,
  credentialRefreshFailures: 1,
  errorsWithoutDecision: 2,
  throttlesPerMinute: 1,
};

/** The same places seen from deploy/cdk and, once compiled, from dist/cdk and dist/cdk-commonjs. */
const ALARMS = join(import.meta.dirname, '../../dashboards/alarms.yaml');
const DASHBOARDS = join(import.meta.dirname, '../../dist/dashboards.yaml');

/**
 * The seven alarms of the runbook.
 *
 * @throws Error if the authorizer writes no metrics (`metrics: 'none'`)
 * @example
 * const alarms = new AuthorizerAlarms(this, 'Alarms', { authorizer: pingOne, topic: onCall, failClosedPercent: 2 });
 */
export class AuthorizerAlarms extends Construct {
  readonly alarms: readonly CfnAlarm[];

  constructor(scope: Construct, id: string, { authorizer, topic, ...thresholds }: AuthorizerAlarmsProps) {
    super(scope, id);
    const given = Object.entries({ ...DEFAULTS, ...thresholds });
    const parameters = given.map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]);
    const template = include(this, ALARMS, authorizer, {
      TopicArn: topic?.topicArn ?? '',
      ...Object.fromEntries(parameters),
    });
    this.alarms = template.node.findAll().filter(child => child instanceof CfnAlarm);
  }
}

/**
 * The two dashboards, filled with this function, its region and its namespace.
 *
 * @throws Error if the authorizer writes no metrics (`metrics: 'none'`)
 * @example
 * new AuthorizerDashboards(this, 'Dashboards', { authorizer: pingOne });
 */
export class AuthorizerDashboards extends Construct {
  constructor(scope: Construct, id: string, { authorizer }: { readonly authorizer: PingOneAuthorizer }) {
    super(scope, id);
    include(this, DASHBOARDS, authorizer, {});
  }
}

function include(
  scope: Construct,
  templateFile: string,
  { function: { functionName }, metricsNamespace }: PingOneAuthorizer,
  parameters: Readonly<Record<string, string | number>>,
): CfnInclude {
  if (metricsNamespace === undefined) {
    throw new Error(`${scope.node.path} needs metrics, and the authorizer has metrics: 'none'.`);
  }
  return new CfnInclude(scope, 'Template', {
    templateFile,
    // The file's names would meet those of a second authorizer in the same stack.
    preserveLogicalIds: false,
    parameters: { FunctionName: functionName, Namespace: metricsNamespace, ...parameters },
  });
}
