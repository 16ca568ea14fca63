variable "pingone_environment_id" {
  description = "An environment with the service PingOne Authorize."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.pingone_environment_id))
    error_message = "pingone_environment_id must be the id of an environment."
  }
}

variable "audience" {
  description = "Audience of the access tokens. It must not contain pingone or pingidentity."
  type        = string

  validation {
    condition     = can(regex("^https?://[^\\s#]+$", var.audience)) && !can(regex("pingone|pingidentity", lower(var.audience)))
    error_message = "audience must be a URL without fragment, and must not contain pingone or pingidentity."
  }
}

variable "zip_path" {
  description = "Path of `aws-lambda-authorizer.zip`."
  type        = string
}

variable "pingone_service_url" {
  description = "The API gateway's Service URL, as PingOne shows it for every API gateway of the environment. No resource of the provider has it."
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
