/** CloudWatch's embedded metric format, as its specification puts it: what is wrong with a log line's metrics. */

const UNITS = ['Count', 'Milliseconds', 'Seconds', 'Bytes', 'Percent', 'None'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const dimensionProblems = (root: Record<string, unknown>, sets: unknown): readonly string[] => {
  if (!Array.isArray(sets) || sets.length === 0) return ['no dimension set'];
  return sets.flatMap(set => {
    if (!Array.isArray(set) || set.length > 30) return ['a dimension set that is no list of at most 30'];
    return set.flatMap(name => {
      const value = root[String(name)];
      return typeof value === 'string' && value.length > 0 && value.length <= 1024 && /^[\x20-\x7e]+$/.test(value)
        ? []
        : [`the dimension ${String(name)} has no value at the root`];
    });
  });
};

const metricProblems = (root: Record<string, unknown>, metrics: unknown): readonly string[] => {
  if (!Array.isArray(metrics) || metrics.length === 0 || metrics.length > 100) return ['not 1 to 100 metrics'];
  return metrics.flatMap(metric => {
    if (!isObject(metric)) return ['a metric that is no object'];
    const { Name: name, Unit: unit } = metric;
    const value = root[String(name)];
    return [
      ...(typeof value === 'number' && Number.isFinite(value) ? [] : [`${String(name)} has no number at the root`]),
      ...(UNITS.includes(String(unit)) ? [] : [`${String(name)} has the unit ${String(unit)}`]),
    ];
  });
};

/** Every breach of the specification; none for a line that CloudWatch takes. */
export const emfProblems = (line: unknown): readonly string[] => {
  if (!isObject(line) || !isObject(line['_aws'])) return ['no _aws'];
  const { Timestamp: timestamp, CloudWatchMetrics: directives } = line['_aws'];
  const names = listOf(directives).flatMap(directive => (isObject(directive) ? listOf(directive['Metrics']) : []));
  const repeated = new Set(names.map(metric => (isObject(metric) ? metric['Name'] : metric))).size !== names.length;
  return [
    ...(Number.isInteger(timestamp) && Number(timestamp) > 1e12 ? [] : ['no timestamp in ms']),
    ...(listOf(directives).length > 0 ? [] : ['no directive']),
    ...(repeated ? ['a metric in two directives'] : []),
    ...listOf(directives).flatMap(directive =>
      isObject(directive) && typeof directive['Namespace'] === 'string' && directive['Namespace'] !== ''
        ? [...dimensionProblems(line, directive['Dimensions']), ...metricProblems(line, directive['Metrics'])]
        : ['a directive without a namespace'],
    ),
  ];
};
