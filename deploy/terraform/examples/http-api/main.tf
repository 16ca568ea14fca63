# An HTTP API in front of an HTTP backend. HTTP APIs cannot tell the client why: every denial is {"message":"Forbidden"}.

module "pingone_authorizer" {
  source = "../.."

  zip_path                          = var.zip_path
  pingone_service_url               = var.pingone_service_url
  pingone_gateway_credential_secret = var.pingone_gateway_credential_secret
  response_format                   = var.simple ? "simple" : "iam"
  forward_headers                   = ["X-User-Id"]

  apis = {
    http = { api_id = aws_apigatewayv2_api.orders.id }
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = [var.allowed_origin]
    allow_headers = ["authorization", "content-type"]
    allow_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
  }
}

resource "aws_apigatewayv2_authorizer" "pingone" {
  api_id          = aws_apigatewayv2_api.orders.id
  name            = "PingOne"
  authorizer_type = "REQUEST"
  authorizer_uri  = module.pingone_authorizer.invoke_arn
  # Simple responses exist only in payload 2.0. This switch and response_format must agree, else every request ends in 500.
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = var.simple
  # Cached, a decision would answer other requests. No identity source: one would answer 401 before PingOne hears of the request.
  authorizer_result_ttl_in_seconds = 0
}

resource "aws_apigatewayv2_integration" "backend" {
  api_id                 = aws_apigatewayv2_api.orders.id
  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = "${var.backend_url}/{proxy}"
  payload_format_version = "1.0"

  request_parameters = {
    # One line for each name in forward_headers, lower-case with _ for -. It replaces the client's own copy. Let the policy
    # always set the header, never remove it: whether AWS sends an empty value is not proven.
    "overwrite:header.x-user-id" = "$context.authorizer.hdr_x_user_id"
  }
}

resource "aws_apigatewayv2_route" "all" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "ANY /{proxy+}"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.pingone.id
  target             = "integrations/${aws_apigatewayv2_integration.backend.id}"
}

# ANY catches the preflight too, and a preflight carries no token. This route wins over ANY; API Gateway answers it itself.
resource "aws_apigatewayv2_integration" "preflight" {
  api_id                 = aws_apigatewayv2_api.orders.id
  integration_type       = "HTTP_PROXY"
  integration_method     = "OPTIONS"
  integration_uri        = "${var.backend_url}/{proxy}"
  payload_format_version = "1.0"
}

resource "aws_apigatewayv2_route" "preflight" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "OPTIONS /{proxy+}"
  authorization_type = "NONE"
  target             = "integrations/${aws_apigatewayv2_integration.preflight.id}"
}

# $default keeps the stage out of the path that PingOne sees.
resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true
}
