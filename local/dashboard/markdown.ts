/** The small part of markdown that the dashboards' texts use, as HTML: headings, paragraphs, strong, emphasis, code, links. */

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, sign => ESCAPES[sign] ?? sign);

const inline = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\[([^\]]+)\]\((https:[^)\s]+)\)/g, '<a href="$2" rel="noreferrer">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>');

const block = (lines: string): string => {
  const [, marks = '', heading = ''] = /^(#{1,3}) (.+)$/.exec(lines) ?? [];
  if (marks !== '') return `<h${marks.length}>${inline(heading)}</h${marks.length}>`;
  return `<p>${inline(lines).replaceAll('\n', '<br>')}</p>`;
};

export const markdownToHtml = (markdown: string): string =>
  markdown
    .replace(/^(#{1,3} .+)$/gm, '\n$1\n')
    .split(/\n{2,}/)
    .map(lines => lines.trim())
    .filter(lines => lines !== '')
    .map(block)
    .join('\n');
