/** Rounds: each variant gets its turn in each round, and none is always first. */
import { describe, expect, it } from 'vitest';
import { inRounds } from '../../../../bench/bed/rounds.ts';

describe('rounds', () => {
  it('give each variant one turn in each round, and begin each round with another one', async () => {
    const turns: string[] = [];
    await inRounds(['a', 'b', 'c'], { rounds: 4 }, (variant, round) => turns.push(`${round}${variant}`));
    expect(turns.join(' ')).toBe('0a 0b 0c 1b 1c 1a 2c 2a 2b 3a 3b 3c');
  });

  it('hand back what each variant gave, in the order of the rounds', async () => {
    const taken = await inRounds(['a', 'b'], { rounds: 2 }, (variant, round) => Promise.resolve(variant + round));
    expect([...taken]).toEqual([
      ['a', ['a0', 'a1']],
      ['b', ['b0', 'b1']],
    ]);
  });

  it('do not keep the rounds that are dropped, and number them below zero', async () => {
    const rounds: number[] = [];
    const taken = await inRounds(['a'], { rounds: 1, dropped: 2 }, (_, round) => rounds.push(round));
    expect(rounds).toEqual([-2, -1, 0]);
    expect(taken.get('a')).toHaveLength(1);
  });

  it('run what comes before each round once, ahead of every variant', async () => {
    const order: string[] = [];
    const before = (round: number) => Promise.resolve(void order.push(`before ${round}`));
    await inRounds(['a', 'b'], { rounds: 2, before }, variant => order.push(variant));
    expect(order).toEqual(['before 0', 'a', 'b', 'before 1', 'b', 'a']);
  });
});
