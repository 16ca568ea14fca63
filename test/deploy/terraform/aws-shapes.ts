/** The arguments of the resources of hashicorp/aws that the Terraform files use, as of its version 6.25.0. */

/** Names between spaces. Blocks are checked the same way inside. */
export interface Shape {
  readonly required?: string;
  readonly optional?: string;
  /** What can be read only. */
  readonly computed?: string;
  readonly blocks?: Readonly<Record<string, Shape>>;
}

export const AWS_RESOURCES: Readonly<Record<string, Shape>> = {
  aws_api_gateway_deployment: {
    required: 'rest_api_id',
    optional: 'description region triggers variables',
    computed: 'created_date id',
  },
  aws_api_gateway_rest_api: {
    required: 'name',
    optional:
      'api_key_source binary_media_types body description disable_execute_api_endpoint fail_on_warnings minimum_compression_size parameters policy put_rest_api_mode region tags tags_all',
    computed: 'arn created_date execution_arn id root_resource_id',
    blocks: {
      endpoint_configuration: {
        required: 'types',
        optional: 'ip_address_type vpc_endpoint_ids',
      },
    },
  },
  aws_api_gateway_stage: {
    required: 'deployment_id rest_api_id stage_name',
    optional:
      'cache_cluster_enabled cache_cluster_size client_certificate_id description documentation_version region tags tags_all variables xray_tracing_enabled',
    computed: 'arn execution_arn id invoke_url web_acl_arn',
  },
  aws_apigatewayv2_api: {
    required: 'name protocol_type',
    optional:
      'api_key_selection_expression body credentials_arn description disable_execute_api_endpoint fail_on_warnings ip_address_type region route_key route_selection_expression tags tags_all target version',
    computed: 'api_endpoint arn execution_arn id',
    blocks: {
      cors_configuration: {
        optional: 'allow_credentials allow_headers allow_methods allow_origins expose_headers max_age',
      },
    },
  },
  aws_apigatewayv2_authorizer: {
    required: 'api_id authorizer_type name',
    optional:
      'authorizer_credentials_arn authorizer_payload_format_version authorizer_result_ttl_in_seconds authorizer_uri enable_simple_responses identity_sources region',
    computed: 'id',
  },
  aws_apigatewayv2_integration: {
    required: 'api_id integration_type',
    optional:
      'connection_id connection_type content_handling_strategy credentials_arn description integration_method integration_subtype integration_uri passthrough_behavior payload_format_version region request_parameters request_templates template_selection_expression timeout_milliseconds',
    computed: 'id integration_response_selection_expression',
  },
  aws_apigatewayv2_route: {
    required: 'api_id route_key',
    optional:
      'api_key_required authorization_scopes authorization_type authorizer_id model_selection_expression operation_name region request_models route_response_selection_expression target',
    computed: 'id',
  },
  aws_apigatewayv2_stage: {
    required: 'api_id name',
    optional: 'auto_deploy client_certificate_id deployment_id description region stage_variables tags tags_all',
    computed: 'arn execution_arn id invoke_url',
  },
  aws_cloudwatch_dashboard: {
    required: 'dashboard_body dashboard_name',
    optional: 'region',
    computed: 'dashboard_arn id',
  },
  aws_cloudwatch_log_group: {
    optional:
      'deletion_protection_enabled kms_key_id log_group_class name name_prefix region retention_in_days skip_destroy tags tags_all',
    computed: 'arn id',
  },
  aws_cloudwatch_metric_alarm: {
    required: 'alarm_name comparison_operator evaluation_periods',
    optional:
      'actions_enabled alarm_actions alarm_description datapoints_to_alarm dimensions evaluate_low_sample_count_percentiles extended_statistic insufficient_data_actions metric_name namespace ok_actions period region statistic tags tags_all threshold threshold_metric_id treat_missing_data unit',
    computed: 'arn id',
    blocks: {
      metric_query: {
        required: 'id',
        optional: 'account_id expression label period return_data',
        blocks: {
          metric: {
            required: 'metric_name period stat',
            optional: 'dimensions namespace unit',
          },
        },
      },
    },
  },
  aws_iam_role: {
    required: 'assume_role_policy',
    optional:
      'description force_detach_policies managed_policy_arns max_session_duration name name_prefix path permissions_boundary tags tags_all',
    computed: 'arn create_date id unique_id',
  },
  aws_iam_role_policy: {
    required: 'policy role',
    optional: 'name name_prefix',
    computed: 'id',
  },
  aws_lambda_alias: {
    required: 'function_name function_version name',
    optional: 'description region',
    computed: 'arn id invoke_arn',
    blocks: {
      routing_config: {
        optional: 'additional_version_weights',
      },
    },
  },
  aws_lambda_function: {
    required: 'function_name role',
    optional:
      'architectures code_signing_config_arn description filename handler image_uri kms_key_arn layers memory_size package_type publish publish_to region replace_security_groups_on_destroy replacement_security_group_ids reserved_concurrent_executions runtime s3_bucket s3_key s3_object_version skip_destroy source_code_hash source_kms_key_arn tags tags_all timeout',
    computed:
      'arn code_sha256 id invoke_arn last_modified qualified_arn qualified_invoke_arn signing_job_arn signing_profile_version_arn source_code_size version',
    blocks: {
      environment: {
        optional: 'variables',
      },
      logging_config: {
        required: 'log_format',
        optional: 'application_log_level log_group system_log_level',
      },
      tracing_config: {
        required: 'mode',
      },
      vpc_config: {
        required: 'security_group_ids subnet_ids',
        optional: 'ipv6_allowed_for_dual_stack',
      },
    },
  },
  aws_lambda_permission: {
    required: 'action function_name principal',
    optional:
      'event_source_token function_url_auth_type principal_org_id qualifier region source_account source_arn statement_id statement_id_prefix',
    computed: 'id',
  },
  aws_lambda_provisioned_concurrency_config: {
    required: 'function_name provisioned_concurrent_executions qualifier',
    optional: 'region skip_destroy',
    computed: 'id',
  },
  aws_secretsmanager_secret: {
    optional:
      'description force_overwrite_replica_secret kms_key_id name name_prefix policy recovery_window_in_days region tags tags_all',
    computed: 'arn id',
  },
  aws_secretsmanager_secret_version: {
    required: 'secret_id',
    optional: 'region secret_binary secret_string secret_string_wo secret_string_wo_version version_stages',
    computed: 'arn has_secret_string_wo id version_id',
  },
  pingone_gateway: {
    required: 'environment_id name type enabled',
    optional: 'description',
    computed: 'id',
  },
  pingone_gateway_credential: {
    required: 'environment_id gateway_id',
    computed: 'id credential created_at last_used_at',
  },
  pingone_resource: {
    required: 'environment_id name',
    optional: 'access_token_validity_seconds audience description introspect_endpoint_auth_method',
    computed: 'id type',
  },
  pingone_resource_scope: {
    required: 'environment_id name resource_id',
    optional: 'description',
    computed: 'id',
  },
};

export const AWS_DATA_SOURCES: Readonly<Record<string, Shape>> = {
  aws_caller_identity: {
    computed: 'account_id arn id user_id',
  },
  aws_partition: {
    computed: 'dns_suffix id partition reverse_dns_prefix',
  },
  aws_region: {
    computed: 'endpoint name region description id',
  },
};
