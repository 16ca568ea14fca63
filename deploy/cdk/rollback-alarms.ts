/** The two alarms that give the traffic back to the old version while a new one takes over; the twins of those in template.yaml. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const PERIOD = Duration.minutes(1);

const JUDGED = {
  threshold: 5,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: TreatMissingData.NOT_BREACHING,
};

export function rollbackAlarms(scope: Construct, authorizer: IFunction, namespace: string): Alarm[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace,
      metricName,
      statistic,
      period: PERIOD,
      dimensionsMap: { FunctionName: authorizer.functionName },
    });
  const failClosed = new Alarm(scope, 'RollbackOnFailClosed', {
    ...JUDGED,
    alarmDescription:
      'The authorizer refuses requests without an answer from PingOne; a release under way is rolled back',
    metric: metric('FailClosed', 'Sum'),
  });
  const errors = new Alarm(scope, 'RollbackOnErrors', {
    ...JUDGED,
    alarmDescription: 'The authorizer crashes or times out; a release under way is rolled back',
    // Lambda counts a thrown 401 as an error, yet it was decided; what has no decision is a crash or a timeout.
    metric: new MathExpression({
      expression: 'IF(invocations - FILL(decisions, 0) < errors, invocations - FILL(decisions, 0), errors)',
      label: 'Errors without a decision',
      period: PERIOD,
      usingMetrics: {
        errors: authorizer.metricErrors({ period: PERIOD }),
        invocations: authorizer.metricInvocations({ period: PERIOD }),
        decisions: metric('AuthorizerLatency', 'SampleCount'),
      },
    }),
  });
  return [failClosed, errors];
}
