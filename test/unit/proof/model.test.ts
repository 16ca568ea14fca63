/** Rules of the breaker's model: every promise holds in every state, and the code follows the model. */
import { describe, expect, it } from 'vitest';
import { admitted, following, START } from '../../../proof/model/breaker-model.ts';
import { conform } from '../../../proof/model/conform.ts';
import { explore } from '../../../proof/model/explore.ts';

describe('the model of the breaker', () => {
  it('keeps every promise in every state that it can reach', () => {
    const { states, steps, broken } = explore();
    expect(broken).toEqual([]);
    expect(states).toBeGreaterThan(50);
    expect(steps).toBeGreaterThan(states);
  });

  it('opens after two failed calls of two, lets one probe through, and closes for its answer', () => {
    const story = ['request', 'request', 'call fails', 'call fails', 'time passes', 'request'] as const;
    const probing = story.reduce((model, event) => following(model, event) ?? model, START);
    expect(probing).toMatchObject({ state: 'half-open', probing: true });
    expect(admitted(probing)).toBe('refused');
    expect(following(probing, 'probe is answered')).toMatchObject({ state: 'closed', failed: 0, well: 0 });
  });

  it('is what the code does, through every trace of eight events', async () => {
    const { traces, apart } = await conform(8);
    expect(apart).toEqual([]);
    expect(traces).toBeGreaterThan(500);
  });
});
