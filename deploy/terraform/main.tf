# The authorizer as ../template.yaml deploys it: an existing API points to the output invoke_arn.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # A release from S3 may be signed. A release from a file is uploaded by Terraform itself.
  from_file = var.zip_path != null
}

resource "aws_lambda_function" "authorizer" {
  function_name           = var.function_name
  description             = "Asks PingOne Authorize for every request"
  filename                = var.zip_path
  source_code_hash        = local.from_file ? filebase64sha256(var.zip_path) : null
  s3_bucket               = try(var.zip_s3.bucket, null)
  s3_key                  = try(var.zip_s3.key, null)
  s3_object_version       = try(var.zip_s3.version, null)
  code_signing_config_arn = var.code_signing_config_arn
  handler                 = var.handler
  runtime                 = var.runtime
  architectures           = [var.architecture]
  memory_size             = var.memory_size
  timeout                 = var.timeout
  role                    = aws_iam_role.authorizer.arn
  # Every change of code or settings becomes a version, and the alias moves to it.
  publish = true
  tags    = var.tags

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.authorizer.name
    # LOG_LEVEL decides alone: Lambda's own filter would drop DEBUG lines a second time.
    application_log_level = "TRACE"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = var.tracing_mode
  }

  dynamic "vpc_config" {
    for_each = length(var.vpc_subnet_ids) > 0 ? [var.vpc_subnet_ids] : []

    content {
      subnet_ids         = vpc_config.value
      security_group_ids = var.vpc_security_group_ids
    }
  }

  # Lambda tries the role's access to the VPC when it makes the function.
  depends_on = [aws_iam_role_policy.authorizer]

  lifecycle {
    precondition {
      condition     = local.from_file != (var.zip_s3 != null)
      error_message = "Give either zip_path or zip_s3."
    }

    precondition {
      condition     = (var.pingone_gateway_credential_secret != null) != (var.pingone_gateway_credential_parameter != null)
      error_message = "Give either pingone_gateway_credential_secret or pingone_gateway_credential_parameter."
    }

    # Left out, the deadline is 5 s, and even the shortest timeout leaves it a second.
    precondition {
      condition     = coalesce(var.authorizer_deadline_ms, 1) <= var.timeout * 1000 - 1000
      error_message = "authorizer_deadline_ms must be at least one second less than timeout, or Lambda ends the function before it can answer."
    }

    precondition {
      condition     = (length(var.vpc_subnet_ids) > 0) == (length(var.vpc_security_group_ids) > 0)
      error_message = "Give vpc_subnet_ids and vpc_security_group_ids together."
    }
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What APIs invoke"
  function_name    = aws_lambda_function.authorizer.function_name
  function_version = coalesce(var.alias_version, aws_lambda_function.authorizer.version)

  dynamic "routing_config" {
    for_each = length(var.alias_additional_version_weights) > 0 ? [var.alias_additional_version_weights] : []

    content {
      additional_version_weights = routing_config.value
    }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  count = var.provisioned_concurrency > 0 ? 1 : 0

  function_name                     = aws_lambda_function.authorizer.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.provisioned_concurrency
}

# API Gateway calls as .../authorizers/<id>. A permission on a method's ARN looks right and ends in 500 for every request.
resource "aws_lambda_permission" "api" {
  for_each = var.apis

  statement_id   = "api-${each.key}"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.authorizer.function_name
  qualifier      = aws_lambda_alias.live.name
  principal      = "apigateway.amazonaws.com"
  source_account = coalesce(each.value.account_id, data.aws_caller_identity.current.account_id)
  source_arn = join("", [
    "arn:${data.aws_partition.current.partition}:execute-api:${data.aws_region.current.region}:",
    coalesce(each.value.account_id, data.aws_caller_identity.current.account_id),
    ":${each.value.api_id}/authorizers/${each.value.authorizer_id}",
  ])
}

resource "aws_cloudwatch_log_group" "authorizer" {
  # Lambda's default name, which the runbook uses.
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
