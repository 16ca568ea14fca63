/** The fault matrix on Node 22: a file for each runtime, so that two workers share the longest part of a run. */
import { playFaults } from './fault-matrix.ts';

playFaults(22);
