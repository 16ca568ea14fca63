terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.20"
    }

    pingone = {
      source  = "pingidentity/pingone"
      version = ">= 1.9, < 2.0"
    }
  }
}

# Both providers take their credentials from the environment: the pingone provider from those of a worker application.
