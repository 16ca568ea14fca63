/** Proves that the dashboard grammar and the query check refuse what CloudWatch would refuse. */
import { describe, expect, it } from 'vitest';
import { dashboard } from './dashboards-body.ts';
import { grammarProblems } from './dashboards-grammar.ts';
import { queryProblems } from './dashboards-queries.ts';

describe('the grammar', () => {
  it.each([
    ['a statistic that does not exist', '"stat":"p99"', '"stat":"p101"', 'stat is not valid'],
    ['a colour by name', '"color":"#2ca02c"', '"color":"green"', 'color is not valid'],
    ['a widget type that does not exist', '"type":"log"', '"type":"logs"', 'type is not valid'],
    ['a widget beyond the last column', '"x":18', '"x":19', 'wider than the grid'],
    ['a widget without a region', '"region":"us-east-1",', '', 'region is required'],
    ['a property that is not documented', '"stacked":', '"stack":', 'stack is not a documented property'],
    ['a period under a minute', '"period":300', '"period":30', 'period is not valid'],
    ['math on an id that is not there', '/ requests"', '/ total"', 'total is not an id'],
    ['an id that starts with a capital', '"id":"requests"', '"id":"Requests"', 'id is not valid'],
    ['a dimension without a value', '"FunctionName","your-authorizer-function",{', '"FunctionName",{', 'pairs'],
    ['a metric that is not an array', '"metrics":[[', '"metrics":["x",[', 'is not an array'],
    ['a search without a statistic', ", 'Sum', 300)", ')', 'not a search expression'],
    ['a log query without a source', "SOURCE '/aws", "'/aws", 'query is not valid'],
    ['a choice without values', '"search":', '"searched":', 'needs values or search'],
    ['a variable id with a space', '"id":"functionName"', '"id":"function name"', 'id is not valid'],
    ['a time range that is no duration', '"start":"-PT12H"', '"start":"12h"', 'start is not valid'],
  ])('refuses %s', (_, from, to, problem) => {
    const text = JSON.stringify(dashboard('overview'));
    expect(text).toContain(from);
    expect(grammarProblems(JSON.parse(text.replace(from, to))).join('\n')).toContain(problem);
  });

  it.each(['filter mesage = "decision"', 'where status > 1', 'stats count(*) by apiID'])(
    'refuses the query %s',
    query => {
      expect(queryProblems(query)).not.toEqual([]);
    },
  );
});
