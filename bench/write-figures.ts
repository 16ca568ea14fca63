/** `node bench/write-figures.ts`: writes the figures of docs/performance.md from bench/results/report.json; a full run does so by itself. */
import { fileURLToPath } from 'node:url';
import { readReport } from './compare.ts';
import { writeFigures } from './document/write-figures.ts';

await writeFigures(await readReport(fileURLToPath(new URL('./results/report.json', import.meta.url))));
