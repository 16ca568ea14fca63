/** Puts a run's figures between their markers in docs/performance.md; what did not run is left as it is. */
import { readFile, writeFile } from 'node:fs/promises';
import { withSection } from '../../scripts/document-section.ts';
import type { Report } from '../report/report.ts';
import { sectionsOf } from './sections.ts';

export const DOCUMENT = new URL('../../docs/performance.md', import.meta.url);

/** The names of the sections that were written. Throws, naming it, if the document has no place for one. */
export const writeFigures = async (report: Report, document = DOCUMENT): Promise<readonly string[]> => {
  const sections = sectionsOf(report);
  let text = await readFile(document, 'utf8');
  for (const { name, content } of sections) {
    const written = withSection(text, name, content);
    if (written === undefined) throw new Error(`docs/performance.md lacks the markers of the section "${name}"`);
    text = written;
  }
  await writeFile(document, text);
  return sections.map(({ name }) => name);
};
