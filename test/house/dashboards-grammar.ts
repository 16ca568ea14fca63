/** The documented grammar of a CloudWatch dashboard body: from any JSON value to the list of its errors. */

type Check = (value: unknown) => boolean;
/** Field name -> the rule for its value. A `!` at the end of the name means required. */
type Shape = Readonly<Record<string, Check>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isBoolean: Check = value => typeof value === 'boolean';
const isNumber: Check = value => typeof value === 'number';
const isAnything: Check = () => true;
const text = (max: number, pattern = /./): Check => {
  return value => typeof value === 'string' && value.length > 0 && value.length <= max && pattern.test(value);
};
const oneOf = (...allowed: string[]): Check => {
  return value => typeof value === 'string' && allowed.includes(value);
};
const integer = (min: number, max: number): Check => {
  return value => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
};
const object = (shape: Shape): Check => {
  return value => isObject(value) && shapeProblems('', value, shape).length === 0;
};

const PLAIN_STAT = 'SampleCount|Average|Sum|Minimum|Maximum';
const PERCENTILE = 'p(?:100|\\d{1,2}(?:\\.\\d{1,10})?)';
const isStat = text(20, new RegExp(`^(?:${PLAIN_STAT}|${PERCENTILE})$`));
const isPeriod: Check = value => Number.isInteger(value) && Number(value) >= 60 && Number(value) % 60 === 0;
const isColor = text(7, /^#[0-9a-fA-F]{6}$/);
const isLongText = text(10_000);
const axis = object({ label: isLongText, min: isNumber, max: isNumber, showUnits: isBoolean });

const BODY: Shape = {
  start: text(30, /^(?:-PT\d+[MH]|-P\d+[DWM]|\d{4}-\d\d-\d\dT.+Z)$/),
  end: text(30, /^\d{4}-\d\d-\d\dT.+Z$/),
  periodOverride: oneOf('auto', 'inherit'),
  variables: value => Array.isArray(value) && value.length <= 25,
  'widgets!': value => Array.isArray(value) && value.length <= 500,
};

const WIDGET: Shape = {
  'type!': oneOf('metric', 'text', 'log'),
  'x!': integer(0, 23),
  'y!': integer(0, Number.MAX_SAFE_INTEGER),
  'width!': integer(1, 24),
  'height!': integer(1, 1000),
  'properties!': isObject,
};

const PROPERTIES: Readonly<Record<string, Shape>> = {
  text: { 'markdown!': isLongText, background: oneOf('transparent', 'solid') },
  log: {
    'region!': isLongText,
    'query!': text(10_000, /^SOURCE '[^']+'(?: \| SOURCE '[^']+')* \| /),
    title: isLongText,
    view: oneOf('table', 'timeSeries', 'bar', 'pie'),
    accountId: isLongText,
  },
  metric: {
    'region!': isLongText,
    'metrics!': value => Array.isArray(value) && value.length <= 500,
    title: isLongText,
    view: oneOf('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'),
    stacked: isBoolean,
    stat: isStat,
    period: isPeriod,
    yAxis: object({ left: axis, right: axis }),
    legend: object({ 'position!': oneOf('right', 'bottom', 'hidden') }),
    sparkline: isBoolean,
    // AWS's page does not list it; aws-cdk-lib writes it for the same option.
    setPeriodToTimeRange: isBoolean,
    liveData: isBoolean,
    timezone: text(5, /^[+-]\d{4}$/),
    annotations: isObject,
    accountId: isLongText,
  },
};

const LINE: Shape = {
  id: text(255, /^[a-z][A-Za-z0-9_]*$/),
  label: isLongText,
  color: isColor,
  visible: isBoolean,
  yAxis: oneOf('left', 'right'),
  period: isPeriod,
  region: isLongText,
  accountId: isLongText,
};
const METRIC_LINE: Shape = { ...LINE, stat: isStat };
const EXPRESSION_LINE: Shape = { ...LINE, 'expression!': text(2048) };

const VARIABLE: Shape = {
  'type!': oneOf('pattern', 'property'),
  'inputType!': oneOf('input', 'select', 'radio'),
  'id!': text(32, /^[0-9A-Za-z_-]+$/),
  pattern: text(255),
  property: text(255),
  label: text(30),
  defaultValue: isAnything,
  search: text(2048, /^\{[^{}]+\} MetricName="[^"]+"$/),
  populateFrom: text(255),
  visible: isBoolean,
  values: value =>
    Array.isArray(value) && value.length > 0 && value.every(object({ 'value!': isAnything, label: text(255) })),
};

function shapeProblems(path: string, value: Record<string, unknown>, shape: Shape): string[] {
  const fields = new Map(Object.entries(shape).map(([name, check]) => [name.replace('!', ''), check]));
  const required = Object.keys(shape).filter(name => name.endsWith('!'));
  return [
    ...required.flatMap(name => (name.slice(0, -1) in value ? [] : [`${path}: ${name.slice(0, -1)} is required`])),
    ...Object.entries(value).flatMap(([name, field]) => {
      const check = fields.get(name);
      if (check === undefined) return [`${path}: ${name} is not a documented property`];
      return check(field) ? [] : [`${path}: ${name} is not valid`];
    }),
  ];
}

function variableProblems(path: string, variable: unknown): string[] {
  if (!isObject(variable)) return [`${path}: is not an object`];
  const { type, inputType, search, populateFrom, values, defaultValue } = variable;
  const chosen = inputType === 'select' || inputType === 'radio';
  return [
    ...shapeProblems(path, variable, VARIABLE),
    ...(typeof type === 'string' && type in variable ? [] : [`${path}: names no ${String(type)}`]),
    ...(chosen && values === undefined && search === undefined ? [`${path}: needs values or search`] : []),
    ...((search === undefined) === (populateFrom === undefined) ? [] : [`${path}: search goes with populateFrom`]),
    ...(defaultValue === '__FIRST' && search === undefined ? [`${path}: __FIRST needs search`] : []),
  ];
}

function metricProblems(path: string, entry: unknown): string[] {
  if (!Array.isArray(entry)) return [`${path}: is not an array`];
  const words = entry.filter(part => typeof part === 'string');
  const last: unknown = entry.at(-1);
  const options = isObject(last) ? last : {};
  if (words.length + (isObject(last) ? 1 : 0) !== entry.length) return [`${path}: only its last item may be an object`];
  if (words.length === 0) return [...shapeProblems(path, options, EXPRESSION_LINE), ...searchProblems(path, options)];
  if (words.length < 2 || words.length % 2 !== 0) return [`${path}: wants namespace, name and dimension pairs`];
  return shapeProblems(path, options, METRIC_LINE);
}

function searchProblems(path: string, { expression }: Record<string, unknown>): string[] {
  const shape = new RegExp(`^SEARCH\\('\\{[^{}]+\\} [^']+', '(?:${PLAIN_STAT}|${PERCENTILE})', \\d+\\)$`);
  if (typeof expression !== 'string' || !expression.startsWith('SEARCH')) return [];
  return shape.test(expression) ? [] : [`${path}: is not a search expression`];
}

/** A math expression may only name ids of the same widget, and an id must not occur twice in it. */
function idProblems(path: string, metrics: readonly unknown[]): string[] {
  const lines = metrics.flatMap(entry => (Array.isArray(entry) ? entry.filter(isObject) : []));
  const ids = lines.flatMap(line => (typeof line['id'] === 'string' ? [line['id']] : []));
  const used = lines.flatMap(
    line =>
      String(line['expression'] ?? '')
        .replace(/'[^']*'/g, '')
        .match(/\b[a-z]\w*/g) ?? [],
  );
  return [
    ...(new Set(ids).size === ids.length ? [] : [`${path}: an id is used twice`]),
    ...used.filter(id => !ids.includes(id)).map(id => `${path}: ${id} is not an id of this widget`),
  ];
}

function widgetProblems(path: string, widget: unknown): string[] {
  if (!isObject(widget)) return [`${path}: is not an object`];
  const { x, width, type, properties } = widget;
  const shape = PROPERTIES[String(type)];
  const metrics = isObject(properties) && Array.isArray(properties['metrics']) ? properties['metrics'] : [];
  return [
    ...shapeProblems(path, widget, WIDGET),
    ...(Number(x) + Number(width) <= 24 ? [] : [`${path}: is wider than the grid`]),
    ...(isObject(properties) && shape !== undefined ? shapeProblems(`${path}.properties`, properties, shape) : []),
    ...metrics.flatMap((entry, index) => metricProblems(`${path}.metrics[${index}]`, entry)),
    ...idProblems(`${path}.metrics`, metrics),
  ];
}

export function grammarProblems(body: unknown): readonly string[] {
  if (!isObject(body)) return ['body: is not an object'];
  const { variables, widgets } = body;
  const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const ids = listed(variables).map(variable => (isObject(variable) ? variable['id'] : undefined));
  return [
    ...shapeProblems('body', body, BODY),
    ...listed(variables).flatMap((variable, index) => variableProblems(`variables[${index}]`, variable)),
    ...(new Set(ids).size === ids.length ? [] : ['variables: an id is used twice']),
    ...listed(widgets).flatMap((widget, index) => widgetProblems(`widgets[${index}]`, widget)),
  ];
}
