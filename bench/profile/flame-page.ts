/** The flame graph as one HTML file: a frame's width is its time, its colour who it belongs to, the rest in its tooltip. */
import { PALETTE_CSS } from '../report/palette.ts';
import { type Frame, type Owner, selfTimes } from './cpu-profile.ts';

const WIDTH = 1400;
const ROW = 18;
/** Frames narrower than this cannot be read or hit. */
const MIN_WIDTH = 1.2;

const COLOURS: Readonly<Record<Owner, string>> = {
  authorizer: 'var(--s0)',
  packages: 'var(--s3)',
  'Node.js': 'var(--s1)',
  bench: 'var(--s6)',
  engine: 'var(--s5)',
};

interface Drawn {
  readonly svg: string;
  readonly depth: number;
}

const legend = Object.entries(COLOURS)
  .map(([owner, colour]) => `<li style="--swatch: ${colour}">${owner}</li>`)
  .join('');

/** The page of a profile that was taken over so many decisions. */
export const flamePage = (root: Frame, decisions: number): string => {
  const perDecision = (us: number): string => `${(us / decisions).toFixed(1)} µs`;
  const { svg, depth } = draw(root, 0, 0, WIDTH / root.total, perDecision);
  const rows = selfTimes(root)
    .slice(0, 40)
    .map(({ name, owner, us }) => `<tr><th>${escaped(name)}</th><td>${owner}</td><td>${perDecision(us)}</td></tr>`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hot path</title><style>${PALETTE_CSS}
body { margin: 0; padding: 24px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
svg { width: 100%; min-width: 900px; height: auto; } .scroll { overflow-x: auto; }
text { font: 11px system-ui, sans-serif; fill: #fff; pointer-events: none; }
@media (prefers-color-scheme: dark) { text { fill: #0c0f12; } }
ul { list-style: none; display: flex; gap: 18px; padding: 0; flex-wrap: wrap; }
li::before { content: ''; display: inline-block; width: 14px; height: 10px; background: var(--swatch); margin-right: 6px; border-radius: 2px; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; font-weight: 400; padding: 3px 18px 3px 0; border-bottom: 1px solid var(--grid); } td:last-child { text-align: right; }
</style></head><body><h1>Hot path: ${perDecision(root.total)} of CPU a decision</h1>
<p>Over ${decisions} decisions, everything on, the runtime client included. Point at a frame for its time.</p><ul>${legend}</ul>
<div class="scroll"><svg viewBox="0 0 ${WIDTH} ${(depth + 1) * ROW}" xmlns="http://www.w3.org/2000/svg">${svg}</svg></div>
<h2>Own time</h2><table>${rows}</table></body></html>
`;
};

function draw(frame: Frame, x: number, depth: number, perUs: number, perDecision: (us: number) => string): Drawn {
  const width = frame.total * perUs;
  if (width < MIN_WIDTH) return { svg: '', depth };
  const letters = Math.floor((width - 6) / 6.2);
  const text =
    letters < 3 ? '' : `<text x="${x + 3}" y="${depth * ROW + 13}">${escaped(frame.name.slice(0, letters))}</text>`;
  const box = `<rect x="${x.toFixed(1)}" y="${depth * ROW}" width="${(width - 0.5).toFixed(1)}" height="${ROW - 1}" rx="2" fill="${COLOURS[frame.owner]}"/>`;
  const tip = `<title>${escaped(frame.name)}: ${perDecision(frame.total)} a decision, ${perDecision(frame.self)} of it itself</title>`;
  let [at, deepest, inner] = [x, depth, ''];
  for (const child of [...frame.children.values()].sort((a, b) => b.total - a.total)) {
    const drawn = draw(child, at, depth + 1, perUs, perDecision);
    inner += drawn.svg;
    deepest = Math.max(deepest, drawn.depth);
    at += child.total * perUs;
  }
  return { svg: `<g>${tip}${box}${text}</g>${inner}`, depth: deepest };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`);
}
