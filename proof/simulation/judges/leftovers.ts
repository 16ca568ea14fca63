/** What is judged at the end of a life: everything that was begun has ended. */
import type { Judge } from './judge.ts';

export const timersLeft: Judge = ({ timersLeft: left }) =>
  left === 0 ? [] : [`${left} timers were left when everything had ended`];

export const listenersLeft: Judge = ({ listenersLeft: left }) =>
  left === 0 ? [] : [`${left} listeners were left on signals when everything had ended`];
