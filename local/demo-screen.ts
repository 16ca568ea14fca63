/** What the first screen of `npm start` says: where each part runs, and what must be known about this run. */
import type { Row } from './console/welcome.ts';
import { CONTROL_PATH, SETTINGS_PATH } from './control-endpoint.ts';
import { type DecisionSource, POLICY_FILE } from './decision-source.ts';
import { HTTP_API, REST_API, WEBSOCKET_API } from './demo-apis.ts';
import type { Addresses } from './demo-requests.ts';
import { COMMANDS } from './policy/control.ts';
import type { Settings } from './settings.ts';

export type Places = Addresses & {
  /** The REST API's server, without its stage. */
  readonly restOrigin: string;
  readonly backend: string;
  readonly dashboard: string;
};

export const placeRows = (places: Places, source: DecisionSource): readonly Row[] => [
  ['REST API', places.rest, `stage ${REST_API.stage}, IAM policies, gateway responses`],
  ['HTTP API', places.http, 'stage $default, payload 2.0, simple responses'],
  ['WebSocket API', `${places.restOrigin.replace('http', 'ws')}/${WEBSOCKET_API.stage}`, 'the $connect handshake'],
  ['CloudFront', places.edge, "Lambda@Edge on viewer requests: denials are PingOne's own answers"],
  ['Dashboard', places.dashboard, 'the decisions of this run, drawn as they are made'],
  ['Policy service', source.url, source.embedded ? `embedded; its rules: ${POLICY_FILE}` : 'the real PingOne'],
  ['Backend', places.backend, 'answers with what reaches it'],
  ...(source.embedded
    ? [
        ['Control', `${places.restOrigin}${CONTROL_PATH}`, `POST ${COMMANDS.join(', ')}`] as const,
        ['Settings', `${places.restOrigin}${SETTINGS_PATH}`, 'for `doctor` and `test`: docs/tools.md'] as const,
      ]
    : []),
];

export const runNotes = ({ notice }: Settings, source: DecisionSource): readonly string[] => [
  ...(notice === undefined ? [] : [notice]),
  ...(source.embedded
    ? []
    : [
        `The real PingOne decides. It is asked about https://${REST_API.domainName}/${REST_API.stage}/... and https://${HTTP_API.domainName}/...`,
        "An API service there must have the beginning of that as its base URL. For a host of your own: LOCAL_HOSTS=api.example.com npm start, and curl -H 'Host: api.example.com'.",
      ]),
];
