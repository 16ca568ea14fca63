output "url" {
  description = "PingOne's API service needs this base URL."
  value       = aws_apigatewayv2_api.orders.api_endpoint
}
