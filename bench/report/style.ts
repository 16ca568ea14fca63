/** How the page looks: on desks, phones and paper, light and dark. */
import { PALETTE_CSS } from './palette.ts';

export const STYLE = `${PALETTE_CSS}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 968px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 22px; line-height: 1.25; margin: 56px 0 4px; letter-spacing: -0.005em; }
h3 { font-size: 15px; margin: 0 0 10px; font-weight: 600; }
p { margin: 0 0 12px; }
@media print { * { print-color-adjust: exact; } }
header p, .question, figcaption, .notes, dl { color: var(--muted); }
dl { margin: 20px 0 0; display: grid; gap: 4px; font-size: 14px; }
dl div { display: grid; grid-template-columns: 110px 1fr; }
dt { color: var(--muted); }
dd { margin: 0; color: var(--ink); }
nav { display: flex; flex-wrap: wrap; gap: 6px 18px; margin-top: 28px; padding: 12px 0; border-block: 1px solid var(--grid); font-size: 14px; }
nav a { color: var(--s0); text-decoration: none; }
nav a:hover { text-decoration: underline; }
figure { margin: 28px 0 36px; }
figcaption { font-size: 14px; margin-top: 8px; max-width: 72ch; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 10px; padding: 0; font-size: 13px; }
.legend li::before { content: ''; display: inline-block; width: 18px; height: 0; border-top: 4px solid var(--swatch); margin-right: 7px; vertical-align: middle; }
.legend .dashed::before { border-top: 3px dashed var(--swatch); }
.plot svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; margin: 12px 0 20px; }
th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
thead th { white-space: normal; vertical-align: bottom; color: var(--muted); font-weight: 500; border-bottom-color: var(--muted); }
tbody th { font-weight: 400; }
small { color: var(--muted); font-size: 12px; margin-left: 6px; }
.tally { list-style: none; display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 16px 0 4px; padding: 0; }
.tally b { font-size: 26px; font-weight: 600; font-variant-numeric: tabular-nums; margin-right: 4px; }
.tally .none { color: var(--muted); }
.tally .met b, .met .said { color: var(--good); }
.tally .missed b, .missed .said { color: var(--caution); }
.tally .exceeded b, .exceeded .said { color: var(--bad); }
.exceeded .said { font-weight: 600; }
.goals .value { font-weight: 600; }
.goals .said { text-align: left; }
.gauge { width: 120px; min-width: 90px; }
.track { position: relative; display: block; height: 6px; background: var(--grid); }
.track i { position: absolute; inset: 0 auto 0 0; background: var(--good); }
.missed .track i { background: var(--warn); }
.exceeded .track i { background: var(--bad); }
.track b { position: absolute; top: -4px; bottom: -4px; width: 2px; background: var(--ink); }
.failure { color: var(--bad); }
details { margin: 8px 0 16px; }
summary { cursor: pointer; color: var(--s0); font-size: 14px; }
.notes { font-size: 14px; padding-left: 18px; max-width: 76ch; }
@media (max-width: 700px) {
  body { font-size: 15px; }
  main { padding: 24px 16px 56px; }
  h1 { font-size: 25px; }
  h2 { margin-top: 44px; }
  .wide { display: none; }
  .narrow { display: block; }
  dl div { grid-template-columns: 1fr; margin-bottom: 4px; }
  .goals thead { display: none; }
  .goals tr { display: grid; grid-template-columns: auto auto 1fr; gap: 2px 16px; padding: 12px 0; border-bottom: 1px solid var(--grid); }
  .goals th, .goals td { border: 0; padding: 0; text-align: left; }
  .goals th, .goals .gauge, .goals .said { grid-column: 1 / -1; }
  .goals td:empty { display: none; }
  .goals td[data-label]::before { content: attr(data-label) ' '; color: var(--muted); }
  .goals .gauge { width: auto; padding: 6px 0; }
}
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
}
`;
