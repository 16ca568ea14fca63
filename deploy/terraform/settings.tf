# One variable for each setting of the authorizer, named as its environment variable in lower case. Left out, it has the
# authorizer's own default. A new setting needs a variable and a line in local.settings.
#
# The credential itself has none: it would be readable in the function's configuration and in the state. Only its place is given.

locals {
  settings = {
    PINGONE_SERVICE_URL                  = var.pingone_service_url
    PINGONE_GATEWAY_CREDENTIAL_SECRET    = var.pingone_gateway_credential_secret
    PINGONE_GATEWAY_CREDENTIAL_PARAMETER = var.pingone_gateway_credential_parameter
    PINGONE_CREDENTIAL_HEADER            = var.pingone_credential_header
    PINGONE_CREDENTIAL_TTL_MS            = var.pingone_credential_ttl_ms
    PINGONE_CONNECT_TIMEOUT_MS           = var.pingone_connect_timeout_ms
    PINGONE_REQUEST_TIMEOUT_MS           = var.pingone_request_timeout_ms
    AUTHORIZER_DEADLINE_MS               = var.authorizer_deadline_ms
    PINGONE_RETRIES                      = var.pingone_retries
    PINGONE_MAX_SOCKETS                  = var.pingone_max_sockets
    PINGONE_SOCKET_IDLE_MS               = var.pingone_socket_idle_ms
    PINGONE_MAX_REPLY_BYTES              = var.pingone_max_reply_bytes
    PINGONE_REPLY_BINDING                = var.pingone_reply_binding
    PINGONE_PREWARM                      = var.pingone_prewarm
    BREAKER_ENABLED                      = var.breaker_enabled
    BREAKER_ERROR_THRESHOLD_PERCENT      = var.breaker_error_threshold_percent
    BREAKER_VOLUME_THRESHOLD             = var.breaker_volume_threshold
    BREAKER_WINDOW_MS                    = var.breaker_window_ms
    BREAKER_RESET_MS                     = var.breaker_reset_ms
    FAIL_CLOSED_AS                       = var.fail_closed_as
    UNAUTHORIZED_AS                      = var.unauthorized_as
    RESPONSE_FORMAT                      = var.response_format
    FORWARD_HEADERS                      = var.forward_headers == null ? null : join(",", var.forward_headers)
    ON_UNAPPLIED_CHANGES                 = var.on_unapplied_changes
    DECISION_CACHE_TTL_MS                = var.decision_cache_ttl_ms
    DECISION_CACHE_MAX_ENTRIES           = var.decision_cache_max_entries
    DECISION_CACHE_KEY                   = var.decision_cache_key == null ? null : join(",", var.decision_cache_key)
    TOKEN_GATE                           = var.token_gate
    TOKEN_GATE_JWKS_URL                  = var.token_gate_jwks_url
    SHADOW_SERVICE_URL                   = var.shadow_service_url
    SHADOW_GATEWAY_CREDENTIAL_SECRET     = var.shadow_gateway_credential_secret
    SHADOW_GATEWAY_CREDENTIAL_PARAMETER  = var.shadow_gateway_credential_parameter
    SHADOW_PERCENT                       = var.shadow_percent
    DEBUG                                = var.debug
    LOG_LEVEL                            = var.log_level
    METRICS                              = var.metrics
    METRICS_NAMESPACE                    = var.metrics_namespace
    OTEL_SDK_DISABLED                    = var.otel_sdk_disabled
    OTEL_TRACES_EXPORTER                 = var.otel_traces_exporter
    OTEL_EXPORTER_OTLP_ENDPOINT          = var.otel_exporter_otlp_endpoint
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT   = var.otel_exporter_otlp_traces_endpoint
    OTEL_EXPORTER_OTLP_TIMEOUT           = var.otel_exporter_otlp_timeout
    OTEL_SERVICE_NAME                    = var.otel_service_name
    OTEL_RESOURCE_ATTRIBUTES             = var.otel_resource_attributes
    OTEL_TRACES_SAMPLER                  = var.otel_traces_sampler
    OTEL_TRACES_SAMPLER_ARG              = var.otel_traces_sampler_arg
    OTEL_PROPAGATORS                     = var.otel_propagators
  }

  # Apart, because a plan hides a whole map that was filtered by a sensitive value. An empty variable counts as missing.
  sensitive_settings = {
    OTEL_EXPORTER_OTLP_HEADERS = var.otel_exporter_otlp_headers
  }

  environment = merge(
    { for name, value in local.settings : name => tostring(value) if value != null },
    { for name, value in local.sensitive_settings : name => value == null ? "" : value },
  )
}

variable "pingone_service_url" {
  description = "The API gateway's Service URL, copied from PingOne (Authorization > API Gateways)."
  type        = string

  validation {
    condition     = can(regex("^https://[^\\s/?#]+(/[^\\s?#]*)?$", var.pingone_service_url)) && !can(regex("/sideband(/re(quest|sponse))?/?$", var.pingone_service_url))
    error_message = "pingone_service_url must be an https URL without query and without /sideband, as PingOne shows it."
  }
}

variable "pingone_gateway_credential_secret" {
  description = "Full ARN of the Secrets Manager secret that holds the gateway credential: plain, or JSON with the key `credential`."
  type        = string
  default     = null

  validation {
    condition     = var.pingone_gateway_credential_secret == null ? true : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]+-[A-Za-z0-9]{6}$", var.pingone_gateway_credential_secret))
    error_message = "pingone_gateway_credential_secret must be the full ARN, with the six characters that Secrets Manager adds."
  }
}

variable "pingone_gateway_credential_parameter" {
  description = "Full ARN of the SSM SecureString that holds the gateway credential; instead of the secret."
  type        = string
  default     = null

  validation {
    condition     = var.pingone_gateway_credential_parameter == null ? true : can(regex("^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\\d{12}:parameter/[\\w./-]+$", var.pingone_gateway_credential_parameter))
    error_message = "pingone_gateway_credential_parameter must be the parameter's full ARN."
  }
}

variable "pingone_credential_header" {
  description = "Header that carries the credential."
  type        = string
  default     = null

  validation {
    condition     = var.pingone_credential_header == null ? true : can(regex("^[A-Za-z0-9-]+$", var.pingone_credential_header))
    error_message = "pingone_credential_header must be the name of a header."
  }
}

variable "pingone_credential_ttl_ms" {
  description = "How long a fetched credential is used before it is fetched again."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_credential_ttl_ms == null ? true : var.pingone_credential_ttl_ms >= 1000 && var.pingone_credential_ttl_ms <= 86400000 && floor(var.pingone_credential_ttl_ms) == var.pingone_credential_ttl_ms
    error_message = "pingone_credential_ttl_ms must be a whole number from 1000 to 86400000."
  }
}

variable "pingone_connect_timeout_ms" {
  description = "TCP and TLS together."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_connect_timeout_ms == null ? true : var.pingone_connect_timeout_ms >= 50 && var.pingone_connect_timeout_ms <= 7000 && floor(var.pingone_connect_timeout_ms) == var.pingone_connect_timeout_ms
    error_message = "pingone_connect_timeout_ms must be a whole number from 50 to 7000."
  }
}

variable "pingone_request_timeout_ms" {
  description = "One attempt, from the first byte sent to the last byte of the reply."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_request_timeout_ms == null ? true : var.pingone_request_timeout_ms >= 50 && var.pingone_request_timeout_ms <= 7000 && floor(var.pingone_request_timeout_ms) == var.pingone_request_timeout_ms
    error_message = "pingone_request_timeout_ms must be a whole number from 50 to 7000."
  }
}

variable "authorizer_deadline_ms" {
  description = "Everything: credential, connection, attempts, reply. At least one second less than `timeout`."
  type        = number
  default     = null

  validation {
    condition     = var.authorizer_deadline_ms == null ? true : var.authorizer_deadline_ms >= 100 && var.authorizer_deadline_ms <= 9000 && floor(var.authorizer_deadline_ms) == var.authorizer_deadline_ms
    error_message = "authorizer_deadline_ms must be a whole number from 100 to 9000."
  }
}

variable "pingone_retries" {
  description = "Extra attempts inside the deadline, only where one is safe."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_retries == null ? true : var.pingone_retries >= 0 && var.pingone_retries <= 2 && floor(var.pingone_retries) == var.pingone_retries
    error_message = "pingone_retries must be a whole number from 0 to 2."
  }
}

variable "pingone_max_sockets" {
  description = "Kept connections per environment."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_max_sockets == null ? true : var.pingone_max_sockets >= 1 && var.pingone_max_sockets <= 1000 && floor(var.pingone_max_sockets) == var.pingone_max_sockets
    error_message = "pingone_max_sockets must be a whole number from 1 to 1000."
  }
}

variable "pingone_socket_idle_ms" {
  description = "An idle connection older than this is not used again."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_socket_idle_ms == null ? true : var.pingone_socket_idle_ms >= 1000 && var.pingone_socket_idle_ms <= 600000 && floor(var.pingone_socket_idle_ms) == var.pingone_socket_idle_ms
    error_message = "pingone_socket_idle_ms must be a whole number from 1000 to 600000."
  }
}

variable "pingone_max_reply_bytes" {
  description = "A larger reply is refused."
  type        = number
  default     = null

  validation {
    condition     = var.pingone_max_reply_bytes == null ? true : var.pingone_max_reply_bytes >= 1024 && var.pingone_max_reply_bytes <= 6291456 && floor(var.pingone_max_reply_bytes) == var.pingone_max_reply_bytes
    error_message = "pingone_max_reply_bytes must be a whole number from 1024 to 6291456."
  }
}

variable "pingone_reply_binding" {
  description = "How a permit is bound to its request. `request`: by method, origin and path alone, for a service that rewrites source address or port in its echo."
  type        = string
  default     = null

  validation {
    condition     = var.pingone_reply_binding == null ? true : contains(["full", "request"], var.pingone_reply_binding)
    error_message = "pingone_reply_binding must be one of: full, request."
  }
}

variable "pingone_prewarm" {
  description = "Open the connection during init."
  type        = bool
  default     = null
}

variable "breaker_enabled" {
  description = "Stop calling a PingOne that does not answer."
  type        = bool
  default     = null
}

variable "breaker_error_threshold_percent" {
  description = "Share of failed calls that opens the breaker."
  type        = number
  default     = null

  validation {
    condition     = var.breaker_error_threshold_percent == null ? true : var.breaker_error_threshold_percent >= 1 && var.breaker_error_threshold_percent <= 100 && floor(var.breaker_error_threshold_percent) == var.breaker_error_threshold_percent
    error_message = "breaker_error_threshold_percent must be a whole number from 1 to 100."
  }
}

variable "breaker_volume_threshold" {
  description = "Calls in the window before the breaker may open."
  type        = number
  default     = null

  validation {
    condition     = var.breaker_volume_threshold == null ? true : var.breaker_volume_threshold >= 1 && var.breaker_volume_threshold <= 10000 && floor(var.breaker_volume_threshold) == var.breaker_volume_threshold
    error_message = "breaker_volume_threshold must be a whole number from 1 to 10000."
  }
}

variable "breaker_window_ms" {
  description = "The rolling window of the breaker."
  type        = number
  default     = null

  validation {
    condition     = var.breaker_window_ms == null ? true : var.breaker_window_ms >= 1000 && var.breaker_window_ms <= 600000 && floor(var.breaker_window_ms) == var.breaker_window_ms
    error_message = "breaker_window_ms must be a whole number from 1000 to 600000."
  }
}

variable "breaker_reset_ms" {
  description = "Open this long, then one probe."
  type        = number
  default     = null

  validation {
    condition     = var.breaker_reset_ms == null ? true : var.breaker_reset_ms >= 100 && var.breaker_reset_ms <= 600000 && floor(var.breaker_reset_ms) == var.breaker_reset_ms
    error_message = "breaker_reset_ms must be a whole number from 100 to 600000."
  }
}

variable "fail_closed_as" {
  description = "What an outage becomes. `deny`: 403 with a reason. `error`: API Gateway answers 500."
  type        = string
  default     = null

  validation {
    condition     = var.fail_closed_as == null ? true : contains(["deny", "error"], var.fail_closed_as)
    error_message = "fail_closed_as must be one of: deny, error."
  }
}

variable "unauthorized_as" {
  description = "What a 401 from PingOne becomes. `throw`: the client gets 401. `deny`: a Deny whose context carries the challenge (step-up)."
  type        = string
  default     = null

  validation {
    condition     = var.unauthorized_as == null ? true : contains(["throw", "deny"], var.unauthorized_as)
    error_message = "unauthorized_as must be one of: throw, deny."
  }
}

variable "response_format" {
  description = "`iam` for all APIs; `simple` for HTTP APIs with simple responses enabled (REST and WebSocket APIs get a policy all the same)."
  type        = string
  default     = null

  validation {
    condition     = var.response_format == null ? true : contains(["iam", "simple"], var.response_format)
    error_message = "response_format must be one of: iam, simple."
  }
}

variable "forward_headers" {
  description = "Headers whose value after PingOne's permit is handed to the backend."
  type        = list(string)
  default     = null

  validation {
    condition     = var.forward_headers == null ? true : alltrue([for name in var.forward_headers : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "forward_headers must be names of headers."
  }
}

variable "on_unapplied_changes" {
  description = "A permit that changes what an authorizer cannot change: `ignore` counts and logs it, `deny` refuses the request."
  type        = string
  default     = null

  validation {
    condition     = var.on_unapplied_changes == null ? true : contains(["ignore", "deny"], var.on_unapplied_changes)
    error_message = "on_unapplied_changes must be one of: ignore, deny."
  }
}

variable "decision_cache_ttl_ms" {
  description = "0 is off. A cached permit outlives a change of policy by this long."
  type        = number
  default     = null

  validation {
    condition     = var.decision_cache_ttl_ms == null ? true : var.decision_cache_ttl_ms >= 0 && var.decision_cache_ttl_ms <= 3600000 && floor(var.decision_cache_ttl_ms) == var.decision_cache_ttl_ms
    error_message = "decision_cache_ttl_ms must be a whole number from 0 to 3600000."
  }
}

variable "decision_cache_max_entries" {
  description = "Permits kept per environment."
  type        = number
  default     = null

  validation {
    condition     = var.decision_cache_max_entries == null ? true : var.decision_cache_max_entries >= 1 && var.decision_cache_max_entries <= 100000 && floor(var.decision_cache_max_entries) == var.decision_cache_max_entries
    error_message = "decision_cache_max_entries must be a whole number from 1 to 100000."
  }
}

variable "decision_cache_key" {
  description = "Request parts that make the key: `method`, `url`, `authorization`, `header:<name>`, `sourceIp`. Must hold `authorization` or a `header:<name>`."
  type        = list(string)
  default     = null

  validation {
    condition     = var.decision_cache_key == null ? true : anytrue([for part in var.decision_cache_key : can(regex("^(authorization$|header:.)", part))])
    error_message = "decision_cache_key must hold authorization or a header:<name>."
  }
}

variable "token_gate" {
  description = "Refuses worthless tokens before PingOne is asked, and permits nothing: `off`, `shape`, `expiry` or `signature`. Not for an authorizer of requests that carry no JWT."
  type        = string
  default     = null

  validation {
    condition     = var.token_gate == null ? true : contains(["off", "shape", "expiry", "signature"], var.token_gate)
    error_message = "token_gate must be one of: off, shape, expiry, signature."
  }
}

variable "token_gate_jwks_url" {
  description = "The JSON Web Key Set of the authorization server. Required with `signature`."
  type        = string
  default     = null

  validation {
    condition     = var.token_gate_jwks_url == null ? true : can(regex("^https://[^\\s#]+$", var.token_gate_jwks_url))
    error_message = "token_gate_jwks_url must be an https URL without fragment."
  }
}

variable "shadow_service_url" {
  description = "Service URL of a second PingOne or PingAuthorize that is asked the same after each answer, and never obeyed."
  type        = string
  default     = null

  validation {
    condition     = var.shadow_service_url == null ? true : can(regex("^https://[^\\s/?#]+(/[^\\s?#]*)?$", var.shadow_service_url))
    error_message = "shadow_service_url must be an https URL without query."
  }
}

variable "shadow_gateway_credential_secret" {
  description = "Full ARN of the secret that holds the shadow's own gateway credential."
  type        = string
  default     = null

  validation {
    condition     = var.shadow_gateway_credential_secret == null ? true : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]+-[A-Za-z0-9]{6}$", var.shadow_gateway_credential_secret))
    error_message = "shadow_gateway_credential_secret must be the full ARN, with the six characters that Secrets Manager adds."
  }
}

variable "shadow_gateway_credential_parameter" {
  description = "Full ARN of the SecureString that holds it; instead of the secret."
  type        = string
  default     = null

  validation {
    condition     = var.shadow_gateway_credential_parameter == null ? true : can(regex("^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\\d{12}:parameter/[\\w./-]+$", var.shadow_gateway_credential_parameter))
    error_message = "shadow_gateway_credential_parameter must be the parameter's full ARN."
  }
}

variable "shadow_percent" {
  description = "Of 100 requests, how many the shadow is asked about."
  type        = number
  default     = null

  validation {
    condition     = var.shadow_percent == null ? true : var.shadow_percent >= 0 && var.shadow_percent <= 100 && floor(var.shadow_percent) == var.shadow_percent
    error_message = "shadow_percent must be a whole number from 0 to 100."
  }
}

variable "debug" {
  description = "One redacted record of request, exchange and result per request."
  type        = bool
  default     = null
}

variable "log_level" {
  description = "Least severe line that is written."
  type        = string
  default     = null

  validation {
    condition     = var.log_level == null ? true : contains(["DEBUG", "INFO", "WARN", "ERROR", "SILENT"], var.log_level)
    error_message = "log_level must be one of: DEBUG, INFO, WARN, ERROR, SILENT."
  }
}

variable "metrics" {
  description = "`emf` writes CloudWatch metrics through the log; alarms and dashboards need it."
  type        = string
  default     = null

  validation {
    condition     = var.metrics == null ? true : contains(["emf", "none"], var.metrics)
    error_message = "metrics must be one of: emf, none."
  }
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the metrics."
  type        = string
  default     = null

  validation {
    condition     = var.metrics_namespace == null ? true : can(regex("^[A-Za-z0-9_./#][A-Za-z0-9_./#-]{0,254}$", var.metrics_namespace))
    error_message = "metrics_namespace must be the name of a CloudWatch namespace."
  }
}

variable "otel_sdk_disabled" {
  description = "Switch tracing off."
  type        = bool
  default     = null
}

variable "otel_traces_exporter" {
  description = "Where traces go."
  type        = string
  default     = null

  validation {
    condition     = var.otel_traces_exporter == null ? true : contains(["otlp", "console", "none"], var.otel_traces_exporter)
    error_message = "otel_traces_exporter must be one of: otlp, console, none."
  }
}

variable "otel_exporter_otlp_endpoint" {
  description = "OTLP/HTTP collector."
  type        = string
  default     = null

  validation {
    condition     = var.otel_exporter_otlp_endpoint == null ? true : can(regex("^https?://\\S+$", var.otel_exporter_otlp_endpoint))
    error_message = "otel_exporter_otlp_endpoint must be an http or https URL."
  }
}

variable "otel_exporter_otlp_traces_endpoint" {
  description = "OTLP/HTTP collector for traces, the full URL."
  type        = string
  default     = null

  validation {
    condition     = var.otel_exporter_otlp_traces_endpoint == null ? true : can(regex("^https?://\\S+$", var.otel_exporter_otlp_traces_endpoint))
    error_message = "otel_exporter_otlp_traces_endpoint must be an http or https URL."
  }
}

variable "otel_exporter_otlp_headers" {
  description = "Headers for the collector (`key=value,...`)."
  type        = string
  default     = null
  sensitive   = true
}

variable "otel_exporter_otlp_timeout" {
  description = "Milliseconds until an export is given up."
  type        = number
  default     = null

  validation {
    condition     = var.otel_exporter_otlp_timeout == null ? true : var.otel_exporter_otlp_timeout >= 1 && var.otel_exporter_otlp_timeout <= 60000 && floor(var.otel_exporter_otlp_timeout) == var.otel_exporter_otlp_timeout
    error_message = "otel_exporter_otlp_timeout must be a whole number from 1 to 60000."
  }
}

variable "otel_service_name" {
  description = "`service.name` of the spans."
  type        = string
  default     = null
}

variable "otel_resource_attributes" {
  description = "Attributes of the resource that the spans belong to (`key=value,...`)."
  type        = string
  default     = null
}

variable "otel_traces_sampler" {
  description = "Which traces are recorded."
  type        = string
  default     = null

  validation {
    condition     = var.otel_traces_sampler == null ? true : contains(["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"], var.otel_traces_sampler)
    error_message = "otel_traces_sampler must be one of: always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio."
  }
}

variable "otel_traces_sampler_arg" {
  description = "Share of the traces for a ratio sampler, 0 to 1."
  type        = number
  default     = null

  validation {
    condition     = var.otel_traces_sampler_arg == null ? true : var.otel_traces_sampler_arg >= 0 && var.otel_traces_sampler_arg <= 1
    error_message = "otel_traces_sampler_arg must be from 0 to 1."
  }
}

variable "otel_propagators" {
  description = "Comma list of `tracecontext`, `baggage`, `xray`."
  type        = string
  default     = null
}
