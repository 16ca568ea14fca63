variable "zip_path" {
  description = "Path of `aws-lambda-authorizer.zip`."
  type        = string
}

variable "pingone_service_url" {
  description = "The API gateway's Service URL, copied from PingOne (Authorization > API Gateways)."
  type        = string
}

variable "pingone_gateway_credential_secret" {
  description = "Full ARN of the secret that holds the gateway credential."
  type        = string
}

variable "backend_url" {
  description = "Where the API sends what is permitted. Without a slash at the end."
  type        = string

  validation {
    condition     = can(regex("^https?://[^\\s/?#]+(/[^\\s/?#]+)*$", var.backend_url))
    error_message = "backend_url must be an http or https URL without query and without a slash at the end."
  }
}

variable "allowed_origin" {
  description = "Origin of the browser application."
  type        = string
  default     = "*"

  validation {
    condition     = can(regex("^(\\*|https?://[A-Za-z0-9.:-]+)$", var.allowed_origin))
    error_message = "allowed_origin must be * or an origin, such as https://app.example.com."
  }
}

variable "simple" {
  description = "Simple responses. With `false` the authorizer answers with IAM policies, so that it can serve REST APIs as well."
  type        = bool
  default     = true
}
