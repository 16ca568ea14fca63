/** The page: one file without scripts, every figure in both widths, colours that follow the reader's. */
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../../bench/report/page.ts';
import { FIGURES, reportOf } from '../sample.ts';

const html = pageOf(reportOf(2, 2));

describe('the page', () => {
  it('needs nothing from elsewhere and runs nothing', () => {
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\((?!#)/i);
    expect(html.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\//);
  });

  it('draws each figure for desks and for phones', () => {
    expect(html.match(/class="plot wide"/g)).toHaveLength(FIGURES.length);
    expect(html.match(/class="plot narrow"/g)).toHaveLength(FIGURES.length);
    expect(html.match(/<svg /g)).toHaveLength(2 * FIGURES.length);
  });

  it('leaves no stand-in colour in its figures, so that light, dark and print have their own', () => {
    expect(html).not.toMatch(/#fe01|255, ?1, ?/i);
    expect(html).toContain('var(--s0)');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('@media print');
  });

  it('escapes what it is given', () => {
    expect(html).toContain('Curves &#60;b&#62;');
    expect(html).not.toContain('<note>');
  });

  it('has no id twice, or clip paths of one figure would cut another', () => {
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says why a scenario has no results', () => {
    const report = reportOf(1);
    const failed = report.chapters.map(chapter => ({ ...chapter, failure: 'the machine burnt' }));
    expect(pageOf({ ...report, chapters: failed })).toContain('This scenario failed: the machine burnt');
  });
});
