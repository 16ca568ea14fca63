/** Properties draw the same inputs in each run, so that a mutant is killed in each run or in none. */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: 1 });
