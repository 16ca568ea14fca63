/** Measures in a process of its own, with nothing else in its memory. */
import { answerCalls } from '../../bench/bed/child.ts';
import { measureParsers } from './measure.ts';
import { openHandler, type RequestsAsked } from './request-memory.ts';

const makeRequests = openHandler();

answerCalls({ parsers: measureParsers, requests: asked => makeRequests(asked as RequestsAsked) });
