# A WebSocket API: PingOne decides once, at the handshake; messages on an open connection are not decided again.

module "pingone_authorizer" {
  source = "../.."

  zip_path                          = var.zip_path
  pingone_service_url               = var.pingone_service_url
  pingone_gateway_credential_secret = var.pingone_gateway_credential_secret

  apis = {
    websocket = { api_id = aws_apigatewayv2_api.orders.id }
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name                       = "orders"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

# Result TTL, payload version and simple responses are for HTTP APIs only: nothing is cached here.
resource "aws_apigatewayv2_authorizer" "pingone" {
  api_id          = aws_apigatewayv2_api.orders.id
  name            = "PingOne"
  authorizer_type = "REQUEST"
  authorizer_uri  = module.pingone_authorizer.invoke_arn
}

# The backend gets a POST for each handshake and each message.
resource "aws_apigatewayv2_integration" "backend" {
  api_id             = aws_apigatewayv2_api.orders.id
  integration_type   = "HTTP_PROXY"
  integration_method = "POST"
  integration_uri    = var.backend_url
}

# Only $connect can be authorized.
resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "$connect"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.pingone.id
  target             = "integrations/${aws_apigatewayv2_integration.backend.id}"
}

resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.orders.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.backend.id}"
}

resource "aws_apigatewayv2_stage" "prod" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "prod"
  auto_deploy = true

  depends_on = [aws_apigatewayv2_route.connect, aws_apigatewayv2_route.default]
}
