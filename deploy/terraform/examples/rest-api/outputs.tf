output "url" {
  description = "PingOne's API service needs this base URL, stage included."
  value       = aws_api_gateway_stage.prod.invoke_url
}
