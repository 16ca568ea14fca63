/** Rules of the id that a call to the service carries. */
import { expect, it } from 'vitest';
import { correlationHeader } from '../../../src/sideband/correlation-id.ts';

it('a call carries the request’s id as far as it is plain, and no header if nothing of it is', () => {
  expect(correlationHeader('JKJaXmPLvHcESHA=')).toEqual({ 'Correlation-Id': 'JKJaXmPLvHcESHA=' });
  expect(correlationHeader('a\r\nX-Evil: 1')).toEqual({ 'Correlation-Id': 'aX-Evil:1' });
  for (const id of [undefined, '', '\r\n', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c'])
    expect(correlationHeader(id)).toEqual({});
});
