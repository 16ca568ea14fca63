output "url" {
  description = "Where clients call the API; the API service's base URL."
  value       = aws_apigatewayv2_api.orders.api_endpoint
}

output "pingone_resource_id" {
  description = "Give an application the scopes of this resource to get a test token."
  value       = pingone_resource.orders.id
}
