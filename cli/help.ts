/** What `--help` prints: enough to use each command without any other page. */
import { VERSION } from './version.ts';

const SETTINGS = `The settings are those of the function: at least PINGONE_SERVICE_URL, and one of
PINGONE_GATEWAY_CREDENTIAL, PINGONE_GATEWAY_CREDENTIAL_SECRET (Secrets Manager) and
PINGONE_GATEWAY_CREDENTIAL_PARAMETER (Parameter Store). Where they are:
  by default      the environment
  --env-file FILE a file of lines NAME=value; what it says of AWS_… counts, too
  --function NAME a deployed function's configuration, read with your AWS identity
                  (lambda:GetFunctionConfiguration; needs the package @aws-sdk/client-lambda);
                  NAME:live is the version behind the alias, NAME alone the latest edit
  --region REGION the AWS region of function, API and secret store; else AWS_REGION`;

const EXITS = `Exit code: 0 all is well, 1 something is wrong, 2 the command cannot be run like that.
Colours: on a terminal only; NO_COLOR=1 turns them off, FORCE_COLOR=1 on.`;

const ALL = `pingone-lambda-authorizer ${VERSION}: tools for the PingOne authorizer of Amazon API Gateway

Usage: npx pingone-lambda-authorizer COMMAND [options]

  doctor                checks a set-up: one line for each check, with what to do
  test decisions.yaml   asks about requests and compares the decisions with what you expect

  doctor --help, test --help   all options and an example
  --version                    the version

${EXITS}`;

const DOCTOR = `pingone-lambda-authorizer doctor: checks a set-up

It looks at the settings, the gateway credential, the way to the service, the clocks, one answer
of the service, and at function and API if they are named. It changes nothing, and shows neither
a secret nor anything but ids of what is in a token.

${SETTINGS}

What else to look at:
  --url URL       asks about GET of this URL of your API without a token: right is 401 with a
                  challenge. Write it as clients type it: https://api.example.com/orders
  --rest-api ID   what API Gateway makes of the answers: caching, response format, identity
  --http-api ID   sources. Needs apigateway:GET and the package @aws-sdk/client-api-gateway
                  or @aws-sdk/client-apigatewayv2. With --function only its own authorizers.

Output:
  --json          JSON instead of lines

Each line: ok, warn, fail or skipped; the check; what was found → what to do about it.
Only fail gives exit code 1.

Examples:
  npx pingone-lambda-authorizer doctor --env-file production.env --url https://api.example.com/orders
  npx pingone-lambda-authorizer doctor --function authorizer:live --region eu-west-1 --rest-api a1b2c3d4e5

${EXITS}`;

const TEST = `pingone-lambda-authorizer test FILE: asks about requests, and compares the decisions with what you expect

FILE is YAML:

  baseUrl: https://api.example.com      # goes before each url that is a path
  rows:
    - name: a customer reads an order   # optional; else method and path
      method: GET                       # optional; else GET
      url: /orders/7
      token: { env: ALICE_TOKEN }       # the bearer token: a variable that holds it, or
                                        # { command: ./token.sh alice }, which prints it and is run
                                        # by the shell in the folder of FILE; never the token itself
      headers: { X-Channel: web }       # optional; a list for a repeated header
      sourceIp: 203.0.113.7             # optional
      expect: permit                    # or deny
      changedHeaders: { X-Tier: gold }  # optional, for permit: all headers that the policy changes,
                                        # with their final values; null for a header that it removes
    - url: /orders/7
      expect: deny
      status: 401                       # optional, for deny
      reasonCode: UNAUTHENTICATED       # optional, for deny

Each row goes to the service as the deployed function would send it for a REST API. A service that
cannot be reached fails a row whatever it expects, unless its reasonCode says so.

${SETTINGS}
  --service URL   another Service URL than PINGONE_SERVICE_URL

Instead of judging:
  --against URL   asks this service as well, and prints only the rows that the two decide
                  differently. Its credential: AGAINST_GATEWAY_CREDENTIAL, …_SECRET or …_PARAMETER
                  among the settings, else the same one
  --from-log LOG  prints rows made from the decision lines of the function's log, to complete by
                  hand: the log has neither tokens nor concrete paths

Output:
  --json          JSON instead of a table
  --junit OUT     also writes a JUnit report to this file
  --base-url URL  goes before each url that is a path, instead of baseUrl

Header values are compared and never shown.

Examples:
  npx pingone-lambda-authorizer test decisions.yaml --env-file staging.env --junit decisions.xml
  npx pingone-lambda-authorizer test decisions.yaml --against https://http-access-api.pingone.eu/v1/environments/ID
  npx pingone-lambda-authorizer test --from-log decisions.log > decisions.yaml

${EXITS}`;

export const HELP = { all: ALL, doctor: DOCTOR, test: TEST } as const;
