/** The arguments of the resources of pingidentity/pingone that the Terraform files use, as of its version 1.9.0. */
import type { Shape } from './aws-shapes.ts';

export const PINGONE_RESOURCES: Readonly<Record<string, Shape>> = {
  pingone_authorize_api_service: {
    required: 'environment_id name base_urls',
    computed: 'id policy_id',
    blocks: {
      authorization_server: {
        required: 'type',
        optional: 'resource_id',
      },
      directory: {
        required: 'type',
      },
      access_control: {
        blocks: {
          custom: {
            required: 'enabled',
          },
        },
      },
    },
  },
  pingone_authorize_api_service_operation: {
    required: 'environment_id api_service_id name',
    optional: 'methods',
    computed: 'id policy_id',
    blocks: {
      paths: {
        required: 'pattern type',
      },
      access_control: {
        blocks: {
          scope: {
            optional: 'match_type',
            blocks: {
              scopes: {
                required: 'id',
              },
            },
          },
          group: {
            blocks: {
              groups: {
                required: 'id',
              },
            },
          },
          permission: {
            required: 'id',
          },
        },
      },
    },
  },
  pingone_authorize_api_service_deployment: {
    required: 'environment_id api_service_id',
    optional: 'redeployment_trigger_values',
    computed: 'authorization_version decision_endpoint deployed_at policy status',
  },
};
