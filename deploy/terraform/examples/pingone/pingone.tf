resource "pingone_gateway" "aws" {
  environment_id = var.pingone_environment_id
  name           = "Amazon API Gateway"
  type           = "API_GATEWAY_INTEGRATION"
  enabled        = true
}

resource "pingone_gateway_credential" "aws" {
  environment_id = var.pingone_environment_id
  gateway_id     = pingone_gateway.aws.id
}

resource "aws_secretsmanager_secret" "gateway_credential" {
  name_prefix = "pingone/gateway-credential-"
  description = "Credential of the PingOne API gateway"
}

# PingOne shows a credential only once, so the state keeps it. Encrypt the state, and let few people read it.
resource "aws_secretsmanager_secret_version" "gateway_credential" {
  secret_id     = aws_secretsmanager_secret.gateway_credential.id
  secret_string = pingone_gateway_credential.aws.credential
}

# The API takes access tokens that are issued for this resource.
resource "pingone_resource" "orders" {
  environment_id = var.pingone_environment_id
  name           = "Orders"
  audience       = var.audience
}

resource "pingone_resource_scope" "read" {
  environment_id = var.pingone_environment_id
  resource_id    = pingone_resource.orders.id
  name           = "orders:read"
}

resource "pingone_resource_scope" "write" {
  environment_id = var.pingone_environment_id
  resource_id    = pingone_resource.orders.id
  name           = "orders:write"
}

resource "pingone_authorize_api_service" "orders" {
  environment_id = var.pingone_environment_id
  name           = "Orders"
  # The beginning of the URL that clients use. Another one is a denial with status 404, for every request.
  base_urls = [aws_apigatewayv2_api.orders.api_endpoint]

  authorization_server = {
    type        = "PINGONE_SSO"
    resource_id = pingone_resource.orders.id
  }

  directory = {
    type = "PINGONE_SSO"
  }
}

resource "pingone_authorize_api_service_operation" "read" {
  environment_id = var.pingone_environment_id
  api_service_id = pingone_authorize_api_service.orders.id
  name           = "Read orders"
  methods        = ["GET"]

  paths = [
    { type = "EXACT", pattern = "/orders" },
    { type = "PARAMETER", pattern = "/orders/{orderId}" },
  ]

  access_control = {
    scope = {
      match_type = "ANY"
      scopes     = [{ id = pingone_resource_scope.read.id }]
    }
  }
}

resource "pingone_authorize_api_service_operation" "write" {
  environment_id = var.pingone_environment_id
  api_service_id = pingone_authorize_api_service.orders.id
  name           = "Write orders"
  methods        = ["POST", "PUT", "PATCH", "DELETE"]

  paths = [
    { type = "EXACT", pattern = "/orders" },
    { type = "PARAMETER", pattern = "/orders/{orderId}" },
  ]

  access_control = {
    scope = {
      match_type = "ANY"
      scopes     = [{ id = pingone_resource_scope.write.id }]
    }
  }
}

# A change of the API service or of an operation has no effect until it is deployed.
resource "pingone_authorize_api_service_deployment" "orders" {
  environment_id = var.pingone_environment_id
  api_service_id = pingone_authorize_api_service.orders.id

  redeployment_trigger_values = {
    service    = sha1(jsonencode([local.api_service.base_urls, local.api_service.authorization_server]))
    operations = sha1(jsonencode([for operation in local.operations : [operation.methods, operation.paths, operation.access_control]]))
  }
}

locals {
  api_service = pingone_authorize_api_service.orders

  operations = [
    pingone_authorize_api_service_operation.read,
    pingone_authorize_api_service_operation.write,
  ]
}
