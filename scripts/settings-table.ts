/** Writes the settings tables of docs/settings.md and README.md from the rows in src/config/variables.ts; `--check` fails if one is stale. */
import { ROWS } from '../src/config/variables.ts';
import { putSection } from './document-section.ts';

const OTEL = [
  '`OTEL_*`',
  "OpenTelemetry's own",
  '`OTEL_TRACES_EXPORTER` (`otlp`, `console`, `none`), `OTEL_EXPORTER_OTLP_ENDPOINT`, `_TRACES_ENDPOINT`, `_HEADERS`, `_TIMEOUT` (1000 ms here), `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `_ARG`, `OTEL_PROPAGATORS`, `OTEL_BSP_SCHEDULE_DELAY` (1000 ms here), `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`, `_MAX_QUEUE_SIZE`, `_EXPORT_TIMEOUT` ([when spans leave](operating.md#how-spans-leave)), `OTEL_SDK_DISABLED`. With no endpoint and no exporter named, no SDK is loaded.',
];

const rows = Object.entries(ROWS).map(([name, { shown, meaning }]) => [`\`${name}\``, shown, meaning]);

put(['variable', 'default', 'meaning'], [...rows, OTEL], 'docs/settings.md');
put(
  ['variable', 'default'],
  [...rows, OTEL].map(cells => cells.slice(0, 2)),
  'README.md',
);

function put(titles: readonly string[], table: readonly (readonly string[])[], document: string): void {
  const lines = [titles, titles.map(() => '---'), ...table].map(cells => `| ${cells.join(' | ')} |`);
  putSection('settings', lines.join('\n'), 'Run `npm run fix`.', document);
}
