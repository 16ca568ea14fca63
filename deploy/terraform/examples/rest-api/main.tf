# A REST API in front of an HTTP backend: every request is decided by PingOne, denials say why, the policy's header reaches the backend.

module "pingone_authorizer" {
  source = "../.."

  zip_path                          = var.zip_path
  pingone_service_url               = var.pingone_service_url
  pingone_gateway_credential_secret = var.pingone_gateway_credential_secret
  forward_headers                   = ["X-User-Id"]

  apis = {
    rest = { api_id = aws_api_gateway_rest_api.orders.id }
  }
}

# The authorizer is in the OpenAPI document. The resource aws_api_gateway_authorizer cannot make it: that one always has an
# identity source, and API Gateway then answers 401 by itself before PingOne hears of the request.
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = templatefile("${path.module}/../../../openapi/rest-api.yaml", {
    authorizer_uri = module.pingone_authorizer.invoke_arn
    backend_url    = var.backend_url
    allowed_origin = var.allowed_origin
  })

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

# An edited gateway response or mapping has no effect until the API is deployed again.
resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id

  triggers = {
    body = sha1(aws_api_gateway_rest_api.orders.body)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "prod"
}
