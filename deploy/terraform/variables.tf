# The function and what surrounds it. The authorizer's own settings are in settings.tf.

variable "function_name" {
  description = "Name of the function, and of what is named after it. It also keeps alarms and dashboards of several authorizers apart."
  type        = string
  default     = "pingone-authorizer"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "zip_path" {
  description = "Path of `aws-lambda-authorizer.zip`, as `npm run package` writes it into `dist/`. Either this or `zip_s3`."
  type        = string
  default     = null

  validation {
    condition     = var.zip_path == null ? true : can(regex("\\.zip$", var.zip_path))
    error_message = "zip_path must end in .zip."
  }
}

variable "zip_s3" {
  description = "The zip as an object in a bucket of the function's region, such as one that AWS Signer has signed. Either this or `zip_path`."
  type = object({
    bucket  = string
    key     = string
    version = optional(string)
  })
  default = null

  validation {
    condition     = var.zip_s3 == null ? true : length(var.zip_s3.bucket) > 0 && length(var.zip_s3.key) > 0
    error_message = "zip_s3 needs the name of a bucket and the key of an object."
  }
}

variable "code_signing_config_arn" {
  description = "ARN of a code signing configuration. With one that enforces signatures, Lambda takes a signed zip only."
  type        = string
  default     = null

  validation {
    condition     = var.code_signing_config_arn == null ? true : can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\\d{12}:code-signing-config:csc-[a-z0-9]{17}$", var.code_signing_config_arn))
    error_message = "code_signing_config_arn must be the ARN of a code signing configuration."
  }
}

variable "handler" {
  description = "Entry of the zip. Change it only for a zip that you wrapped."
  type        = string
  default     = "aws-lambda-authorizer/src/aws-lambda-authorizer.handler"

  validation {
    condition     = can(regex("^[^\\s]{1,128}$", var.handler))
    error_message = "handler must be 1 to 128 characters without white space."
  }
}

variable "runtime" {
  description = "Lambda runtime. The zip runs on both."
  type        = string
  default     = "nodejs24.x"

  validation {
    condition     = contains(["nodejs24.x", "nodejs22.x"], var.runtime)
    error_message = "runtime must be nodejs24.x or nodejs22.x."
  }
}

variable "architecture" {
  description = "Processor. The zip runs on both."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "Memory in MB. Lambda hands out CPU with it, which shortens a cold start and not the wait for PingOne."
  type        = number
  default     = 512

  validation {
    condition     = var.memory_size >= 256 && var.memory_size <= 3008
    error_message = "memory_size must be from 256 to 3008."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda ends an invocation. An HTTP API gives up after 10 s."
  type        = number
  default     = 8

  validation {
    condition     = var.timeout >= 6 && var.timeout <= 29
    error_message = "timeout must be from 6 to 29: the default deadline of 5 s needs a margin, and an API Gateway gives up after 29 s."
  }
}

variable "provisioned_concurrency" {
  description = "Environments that are kept warm."
  type        = number
  default     = 0

  validation {
    condition     = var.provisioned_concurrency >= 0
    error_message = "provisioned_concurrency must be 0 or more."
  }
}

variable "alias_version" {
  description = "Version that the alias points to, such as an earlier one to go back to. Left out: the newest."
  type        = string
  default     = null

  validation {
    condition     = var.alias_version == null ? true : can(regex("^\\d+$", var.alias_version))
    error_message = "alias_version must be the number of a version."
  }
}

variable "alias_additional_version_weights" {
  description = "Share of the requests, 0 to 1, that one further version gets while a release is tried, such as `{ \"8\" = 0.1 }` beside `alias_version = \"7\"`."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(var.alias_additional_version_weights) <= 1 && alltrue([for weight in values(var.alias_additional_version_weights) : weight >= 0 && weight <= 1])
    error_message = "alias_additional_version_weights takes one version with a share from 0 to 1."
  }
}

variable "apis" {
  description = "APIs that may invoke the alias as their authorizer, by a name of your choice. `account_id` is for an API of another account."
  type = map(object({
    api_id        = string
    account_id    = optional(string)
    authorizer_id = optional(string, "*")
  }))
  default = {}

  validation {
    condition     = alltrue([for api in values(var.apis) : can(regex("^[a-z0-9]+$", api.api_id))])
    error_message = "apis: each api_id must be the id of one API."
  }

  validation {
    condition     = alltrue([for api in values(var.apis) : api.account_id == null ? true : can(regex("^\\d{12}$", api.account_id))])
    error_message = "apis: account_id must have 12 digits."
  }

  validation {
    condition     = alltrue([for api in values(var.apis) : can(regex("^(\\*|[a-z0-9]+)$", api.authorizer_id))])
    error_message = "apis: authorizer_id must be the id of an authorizer, or * for all of that API."
  }
}

variable "credential_kms_key_arn" {
  description = "ARN of the customer managed KMS key that encrypts the credential. Left out for the AWS managed key."
  type        = string
  default     = null

  validation {
    condition     = var.credential_kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+$", var.credential_kms_key_arn))
    error_message = "credential_kms_key_arn must be the ARN of a key."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the function's role, where your organization demands one."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:aws[a-z-]*:iam::(aws|\\d{12}):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy."
  }
}

variable "vpc_subnet_ids" {
  description = "Only when PingOne must be reached through your network. The subnets need a route to the internet (NAT)."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.vpc_subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))])
    error_message = "vpc_subnet_ids must be ids of subnets."
  }
}

variable "vpc_security_group_ids" {
  description = "Needed with subnets. They must allow outbound 443."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.vpc_security_group_ids : can(regex("^sg-[0-9a-f]+$", id))])
    error_message = "vpc_security_group_ids must be ids of security groups."
  }
}

variable "log_retention_days" {
  description = "How long the log group keeps lines."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a number of days that CloudWatch knows, such as 7, 30, 90 or 365."
  }
}

variable "tracing_mode" {
  description = "X-Ray. `Active` lets Lambda start traces, `PassThrough` goes on with those of a caller."
  type        = string
  default     = "PassThrough"

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing_mode)
    error_message = "tracing_mode must be PassThrough or Active."
  }
}

variable "create_alarms" {
  description = "Make the alarms of the runbook. They need `metrics = \"emf\"`, the default."
  type        = bool
  default     = true
}

variable "create_dashboards" {
  description = "Make the two dashboards. They need `metrics = \"emf\"`, the default."
  type        = bool
  default     = true
}

variable "alarm_topic_arns" {
  description = "SNS topics that are notified when an alarm starts and ends."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}$", arn))])
    error_message = "alarm_topic_arns must be ARNs of SNS topics."
  }
}

variable "alarm_thresholds" {
  description = "When the alarms start, where the defaults do not suit your traffic. Meanings: the parameters of `dashboards/alarms.yaml`."
  type = object({
    fail_closed_percent          = optional(number, 5)
    fail_closed_minimum_requests = optional(number, 10)
    latency_p99_milliseconds     = optional(number, 2000)
    latency_minimum_requests     = optional(number, 100)
    breaker_refusals_per_minute  = optional(number, 1)
    breaker_openings             = optional(number, 10)
    credential_refresh_failures  = optional(number, 1)
    errors_without_decision      = optional(number, 2)
    throttles_per_minute         = optional(number, 1)
  })
  default = {}

  validation {
    condition     = alltrue([for threshold in values(var.alarm_thresholds) : threshold >= 0])
    error_message = "alarm_thresholds must be 0 or more."
  }
}

variable "tags" {
  description = "Tags of every resource that can have some."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.tags) <= 50
    error_message = "AWS allows 50 tags."
  }
}
