output "invoke_arn" {
  description = "The `authorizer_uri` of an API Gateway authorizer. It names the alias, so that new versions take over behind it."
  value       = aws_lambda_alias.live.invoke_arn
}

output "alias_arn" {
  description = "The alias, for the `AuthorizerAliasArn` of the CloudFormation examples."
  value       = aws_lambda_alias.live.arn
}

output "function_arn" {
  description = "The function without alias."
  value       = aws_lambda_function.authorizer.arn
}

output "function_name" {
  description = "The dimension of its metrics."
  value       = aws_lambda_function.authorizer.function_name
}

output "version" {
  description = "The version that this configuration published. Keep it: `alias_version` goes back to it."
  value       = aws_lambda_function.authorizer.version
}

output "role_name" {
  description = "The function's role, for policies of your own."
  value       = aws_iam_role.authorizer.name
}

output "log_group_name" {
  description = "Its decisions, one JSON line each."
  value       = aws_cloudwatch_log_group.authorizer.name
}

output "alarm_arns" {
  description = "The alarms by name."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.authorizer : name => alarm.arn }
}
