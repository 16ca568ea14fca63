# What the function may do: read its credential, write its log and its traces, and in a VPC use network interfaces.

locals {
  # The conditions on the ARNs stand inside the lists, and no count depends on them: an ARN that the same plan makes is not known yet.
  credential_secrets    = [for arn in [var.pingone_gateway_credential_secret, var.shadow_gateway_credential_secret] : arn if arn != null]
  credential_parameters = [for arn in [var.pingone_gateway_credential_parameter, var.shadow_gateway_credential_parameter] : arn if arn != null]

  # arn:<partition>:<service>:<region>:...
  credential_arn = split(":", try(coalesce(var.pingone_gateway_credential_secret, var.pingone_gateway_credential_parameter), ""))

  statements = concat(
    [{
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.authorizer.arn}:*"]
    }],
    # The actions of X-Ray and of network interfaces know no narrower resource. PassThrough traces what a caller samples.
    [{
      Sid      = "WriteTraces"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = ["*"]
    }],
    length(local.credential_secrets) == 0 ? [] : [{
      Sid      = "ReadCredentialSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = local.credential_secrets
    }],
    length(local.credential_parameters) == 0 ? [] : [{
      Sid      = "ReadCredentialParameter"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter"]
      Resource = local.credential_parameters
    }],
    length(var.vpc_subnet_ids) == 0 ? [] : [{
      Sid    = "JoinVpc"
      Effect = "Allow"
      Action = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ]
      Resource = ["*"]
    }],
  )

  decrypt_statements = var.credential_kms_key_arn == null ? [] : [{
    Sid      = "DecryptCredential"
    Effect   = "Allow"
    Action   = ["kms:Decrypt"]
    Resource = [var.credential_kms_key_arn]
    Condition = {
      StringEquals = {
        # The function asks the store where the credential is, wherever it runs itself.
        "kms:ViaService" = "${local.credential_arn[2]}.${local.credential_arn[3]}.${data.aws_partition.current.dns_suffix}"
      }
    }
  }]
}

resource "aws_iam_role" "authorizer" {
  name_prefix          = substr("${var.function_name}-", 0, 38)
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "authorizer" {
  name = "authorizer"
  role = aws_iam_role.authorizer.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.statements, local.decrypt_statements)
  })
}
