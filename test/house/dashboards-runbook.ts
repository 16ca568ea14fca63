/** Reads docs/operating.md as a list of sections with the anchors that GitHub gives them. */
import { readText } from './dashboards-body.ts';

export interface Section {
  readonly title: string;
  readonly anchor: string;
  readonly text: string;
}

export function runbook(): string {
  return readText('docs/operating.md');
}

/** GitHub's rule for a heading: lower case, only letters, digits, `_`, `-` and spaces, and spaces as `-`. */
function anchorOf(title: string): string {
  const kept = title.toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, '');
  return kept.replaceAll(' ', '-');
}

export function sections(): readonly Section[] {
  return runbook()
    .split(/^#{1,6} /m)
    .slice(1)
    .map(part => {
      const [title = '', ...lines] = part.split('\n');
      return { title, anchor: anchorOf(title), text: lines.join('\n') };
    });
}

export function anchors(): readonly string[] {
  return sections().map(section => section.anchor);
}
