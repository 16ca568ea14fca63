/** What is judged of timers and listeners: they end with what they were made for. */
import type { Judge } from './judge.ts';

export const timersWhileIdle: Judge = ({ timersWhileIdle: left }) =>
  left === 0 ? [] : [`${left} timers outlived what they were made for`];

export const timersLeft: Judge = ({ timersLeft: left }) =>
  left === 0 ? [] : [`${left} timers were left when everything had ended`];

export const listenersLeft: Judge = ({ listenersLeft: left }) =>
  left === 0 ? [] : [`${left} listeners were left on signals when everything had ended`];
