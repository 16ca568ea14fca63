/** Rules of `test --from-log`: decision lines of the product's own log become rows, without tokens and with names to fill in. */
import { describe, expect, it } from 'vitest';
import { rowsFromLog } from '../../cli/decisions/from-log.ts';
import { readRows } from '../../cli/decisions/read-rows.ts';
import { createAuthorizer, loadConfig, type Send } from '../../src/index.ts';
import { httpEvent, restEvent } from '../support/events.ts';
import { BEARER } from '../support/golden-events.ts';
import { fileWith, runCommand } from './command.ts';

/** Lines that the authorizer writes for events, answered as it is told. */
const logOf = async (events: readonly object[], answer: object | undefined, debug = false): Promise<string> => {
  const lines: string[] = [];
  const config = loadConfig({
    PINGONE_SERVICE_URL: 'https://h.example',
    PINGONE_GATEWAY_CREDENTIAL: 'c',
    PINGONE_PREWARM: 'false',
    UNAUTHORIZED_AS: 'deny',
    DEBUG: String(debug),
  });
  const send: Send = async ({ body }) => {
    const reply = Object.assign({}, JSON.parse(body), answer && { response: answer });
    return { status: answer === undefined ? 500 : 200, headers: {}, body: Buffer.from(JSON.stringify(reply)) };
  };
  const authorize = createAuthorizer(config, { send, writeLine: line => void lines.push(line) });
  for (const event of events) await authorize(event);
  return lines.map(line => `2026-07-27T10:00:00 ${line}`).join('\n');
};

const DENIED = { response_code: '403' };

describe('rows from a log', () => {
  it('are printed by the command', async () => {
    const file = fileWith('decisions.log', await logOf([restEvent()], DENIED));
    const { code, stdout, stderr } = await runCommand([
      'test',
      '--from-log',
      file,
      '--base-url',
      'https://shop.example',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('baseUrl: https://shop.example\nrows:\n');
  });

  it('are one for each route and decision, with how often it was seen', async () => {
    const log = await logOf([httpEvent(), httpEvent(), restEvent()], DENIED);
    const yaml = rowsFromLog(`START RequestId\n${log}\n{"message":"breaker"}\n`, undefined);
    expect(yaml).toContain('  # 2 times\n  - method: GET\n');
    expect(yaml.match(/reasonCode: POLICY_DENIED/g)).toHaveLength(2);
    expect(yaml).toContain('expect: deny\n    status: 403\n');
  });

  it('hold no token, only the name of a variable for one', async () => {
    const yaml = rowsFromLog(await logOf([httpEvent(), restEvent()], DENIED, true), undefined);
    expect(yaml).toContain('env: ACCESS_TOKEN');
    expect(yaml).not.toContain(BEARER.replace('Bearer ', '').slice(0, 12));
  });

  it('have none for a request without a valid token', async () => {
    const yaml = rowsFromLog(await logOf([httpEvent()], { response_code: '401' }), undefined);
    expect(yaml).toContain('reasonCode: UNAUTHENTICATED');
    expect(yaml).not.toContain('token:');
  });

  it('leave out faults, which no policy is to blame for', async () => {
    expect(rowsFromLog(await logOf([httpEvent()], undefined), undefined)).toContain('rows: []');
  });

  it('have the method of a REST API from the record of DEBUG=true', async () => {
    const event = restEvent({ httpMethod: 'PATCH' });
    expect(rowsFromLog(await logOf([event], DENIED, true), undefined)).toContain('- method: PATCH');
  });

  it('are a decisions file once the names in them have values', async () => {
    const yaml = rowsFromLog(await logOf([restEvent()], DENIED), 'https://shop.example');
    const [row] = readRows(yaml.replaceAll(/\{[\w+]+\}/g, 'value'), 'd.yaml', undefined);
    expect(row?.url).toMatch(/^https:\/\/shop\.example\/dev\//);
    expect(row?.expected).toMatchObject({ effect: 'deny', status: 403, reasonCode: 'POLICY_DENIED' });
  });
});
