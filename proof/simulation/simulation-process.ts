/** Simulates in a process of its own, so that every core can live some of the lives. */
import { answerCalls } from '../../bench/bed/child.ts';
import { type Range, simulate } from './simulate.ts';

answerCalls({ simulate: asked => simulate(asked as Range) });
