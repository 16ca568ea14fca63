/** Parsers that grow in known ways, measured in a process of their own. */
import { answerCalls } from '../../../bench/bed/child.ts';
import { costsOf } from '../../../proof/growth/measure.ts';

answerCalls({
  linear: () => costsOf(size => () => Array.from({ length: size }, (_, index) => ({ index })), 20_000),
  quadratic: () => costsOf(size => () => Array.from({ length: size }, () => new Float64Array(size)), 200),
});
