/** The function's log group, with the retention that the user chose and the right to write to it. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Adds the log group; its lines are kept for a month if no retention is given. */
export function addLogGroup(
  scope: Construct,
  handler: LambdaFunction,
  role: Role,
  retention: RetentionDays = RetentionDays.ONE_MONTH,
): void {
  const logGroup = new LogGroup(scope, 'LogGroup', {
    // Lambda's default name, which the runbook uses.
    logGroupName: `/aws/lambda/${handler.functionName}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // Not inside the role: the log group is named after the function, and the function needs the role first.
  new Policy(scope, 'WriteLogs', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ],
  });
}
