/** Reads dashboards/alarms.yaml, with CloudFormation's short tags turned into functions. */
import { type CollectionTag, parse, type ScalarTag, YAMLSeq } from 'yaml';
import { readText } from './dashboards-body.ts';

export interface MetricStat {
  readonly Metric: {
    readonly Namespace: unknown;
    readonly MetricName: string;
    readonly Dimensions: readonly unknown[];
  };
  readonly Period: number;
  readonly Stat: string;
}

export interface AlarmProperties {
  readonly AlarmName: { readonly 'Fn::Sub': string };
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown;
  readonly OKActions: unknown;
  readonly Threshold: { readonly Ref: string };
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Namespace?: unknown;
  readonly MetricName?: string;
  readonly Dimensions?: readonly unknown[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly ReturnData?: boolean;
    readonly Expression?: string | { readonly 'Fn::Sub': string };
    readonly MetricStat?: MetricStat;
  }[];
}

export interface Parameter {
  readonly Type: string;
  readonly Description: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: AlarmProperties }>>;
}

const scalarTag = (tag: string, name: string): ScalarTag => ({ tag, resolve: (value: string) => ({ [name]: value }) });
const listTag = (tag: string, name: string): CollectionTag => ({
  tag,
  collection: 'seq',
  resolve: node => ({ [name]: node instanceof YAMLSeq ? node.toJSON() : [] }),
});

const TAGS = [
  scalarTag('!Ref', 'Ref'),
  scalarTag('!Sub', 'Fn::Sub'),
  listTag('!If', 'Fn::If'),
  listTag('!Not', 'Fn::Not'),
  listTag('!Equals', 'Fn::Equals'),
];

/** Parses the file. If cfn-lint is installed, it checks the same text against AWS's own schema. */
export function alarmsTemplate(): Template {
  return parse(readText('dashboards/alarms.yaml'), { customTags: TAGS }) as Template;
}

/** Every metric that an alarm reads, in one form. */
export function readMetrics(alarm: AlarmProperties): readonly MetricStat[] {
  const { Namespace, MetricName, Dimensions, Statistic, Period, Metrics } = alarm;
  const single =
    MetricName === undefined
      ? []
      : [
          {
            Metric: { Namespace, MetricName, Dimensions: Dimensions ?? [] },
            Period: Period ?? 0,
            Stat: Statistic ?? '',
          },
        ];
  return [...single, ...(Metrics ?? []).flatMap(({ MetricStat: stat }) => (stat === undefined ? [] : [stat]))];
}

export function expressionOf(query: { readonly Expression?: string | { readonly 'Fn::Sub': string } }): string {
  const { Expression: expression = '' } = query;
  return typeof expression === 'string' ? expression : expression['Fn::Sub'];
}
