/** Every row of the fault matrix. */
import { CONFIGURATION_FAULTS } from './configuration-faults.ts';
import { CONNECTION_FAULTS } from './connection-faults.ts';
import { CREDENTIAL_FAULTS } from './credential-faults.ts';
import type { Fault } from './fault.ts';
import { REPLY_FAULTS } from './reply-faults.ts';
import { STATUS_FAULTS } from './status-faults.ts';
import { TLS_FAULTS } from './tls-faults.ts';

export const FAULTS: readonly Fault[] = [
  ...CONNECTION_FAULTS,
  ...TLS_FAULTS,
  ...REPLY_FAULTS,
  ...STATUS_FAULTS,
  ...CREDENTIAL_FAULTS,
  ...CONFIGURATION_FAULTS,
];
