/** Colours of the figures: drawn as stand-ins, then turned into CSS variables, so that one SVG serves light, dark and print. */

const TEXT = ['ink', 'muted', 'grid', 'page'] as const;
const DATA = ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 'good', 'warn', 'bad', 'caution', 'band'] as const;
const ALL = [...TEXT, ...DATA] as const;
export type Role = (typeof ALL)[number];

const SERIES: readonly Role[] = ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'];
const OUTCOMES: readonly Role[] = ['good', 'warn', 'bad', 'muted'];

const LIGHT: Readonly<Record<Role, string>> = {
  ink: '#1b1f24',
  muted: '#5b6470',
  grid: '#e3e6ea',
  page: '#ffffff',
  s0: '#0b5fd6',
  s1: '#7a8491',
  s2: '#2a9d8f',
  s3: '#b5541c',
  s4: '#8a4fbf',
  s5: '#c2274b',
  s6: '#a07d00',
  s7: '#33658a',
  good: '#2f9e5b',
  warn: '#d79a00',
  caution: '#8a6200',
  bad: '#cf3b3b',
  band: '#8b95a1',
};

const DARK: Readonly<Record<Role, string>> = {
  ink: '#e8ebef',
  muted: '#9aa4b1',
  grid: '#2c333c',
  page: '#12161b',
  s0: '#5aa2ff',
  s1: '#a3adba',
  s2: '#57c7b8',
  s3: '#f0945a',
  s4: '#c39bf0',
  s5: '#ff7d98',
  s6: '#e0c04a',
  s7: '#86b8dd',
  good: '#58c98a',
  warn: '#f0bd45',
  caution: '#f0bd45',
  bad: '#f27474',
  band: '#7d8895',
};

/** The variables for each way to look at the page. */
export const PALETTE_CSS = `:root { color-scheme: light dark; ${declared(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${declared(DARK)} } }
@media print { :root { color-scheme: light; ${declared(LIGHT)} } }`;

/** A colour that nothing else has: the plotting library knows only real ones. */
export const standIn = (role: Role): string => `#fe01${(16 + ALL.indexOf(role)).toString(16)}`;

/** The colour of the n-th series; the first is the accent. */
export const roleOfSeries = (index: number): Role => SERIES[index % SERIES.length] ?? 's0';

/** The colour of the n-th outcome: good, refused, failed, other. */
export const roleOfOutcome = (index: number): Role => OUTCOMES[index] ?? 'muted';

/** Replaces every stand-in of an SVG by its CSS variable. */
export const themed = (svg: string): string =>
  ALL.reduce((text, role) => text.replaceAll(standIn(role), `var(--${role})`), svg);

function declared(colours: Readonly<Record<Role, string>>): string {
  return Object.entries(colours)
    .map(([role, colour]) => `--${role}: ${colour};`)
    .join(' ');
}
