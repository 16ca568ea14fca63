output "url" {
  description = "For PingOne's API service write https instead of wss."
  value       = aws_apigatewayv2_stage.prod.invoke_url
}
