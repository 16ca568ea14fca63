/** Draws report.html anew from report.json: `node bench/render.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readReport } from './compare.ts';
import { pageOf } from './report/page.ts';

const RESULTS = new URL('./results/', import.meta.url);

await writeFile(
  new URL('report.html', RESULTS),
  pageOf(await readReport(fileURLToPath(new URL('report.json', RESULTS)))),
);
