/** The fault matrix on Node 24: a file for each runtime, so that two workers share the longest part of a run. */
import { playFaults } from './fault-matrix.ts';

playFaults(24);
