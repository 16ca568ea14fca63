/// <reference lib="dom" />
/** The page's script: listens to the run, and shows each update. */
import { colorOf } from '../lines.ts';
import type { Row, Update } from '../run.ts';
import { type Chart, openChart } from './chart.ts';

const status = document.querySelector<HTMLElement>('#status');
const select = document.querySelector<HTMLSelectElement>('#function');
const charts = new Map<HTMLElement, Chart>();
let events: EventSource | undefined;

select?.addEventListener('change', () => {
  const address = new URL(location.href);
  address.search = select.value === '' ? '' : `?function=${encodeURIComponent(select.value)}`;
  history.replaceState(null, '', address);
  listen();
});
listen();

function listen(): void {
  events?.close();
  events = new EventSource(`events?function=${encodeURIComponent(chosen())}`);
  events.addEventListener('message', ({ data }) => show(JSON.parse(String(data))));
  events.addEventListener('error', () => setStatus('lost', 'The run has ended'));
}

/** The function in the address, so that a reload and a bookmark keep it. */
function chosen(): string {
  return new URLSearchParams(location.search).get('function') ?? '';
}

function setStatus(state: string, text: string): void {
  if (status === null) return;
  status.dataset['state'] = state;
  status.textContent = text;
}

function show({ decisions, functions, numbers, times, charts: lines, rows }: Update): void {
  setStatus('live', decisions === 0 ? 'Waiting for the first decision' : `${counted(decisions)} since the start`);
  showFunctions(functions);
  showNumbers(numbers);
  for (const card of document.querySelectorAll<HTMLElement>('[data-chart]')) {
    const drawing = card.querySelector<HTMLElement>('.drawing');
    if (drawing === null) continue;
    const shown = Object.entries(lines).find(([name]) => name === card.dataset['chart'])?.[1] ?? [];
    const chart = charts.get(card) ?? openChart(drawing, card.dataset['unit'] === 'ms' ? 'line' : 'bar');
    charts.set(card, chart);
    card.dataset['empty'] = String(shown.length === 0);
    chart.draw(times, shown);
  }
  showRows(rows);
}

function counted(decisions: number): string {
  return decisions === 1 ? '1 decision' : `${decisions.toLocaleString('en')} decisions`;
}

function showFunctions(functions: readonly string[]): void {
  if (select === null) return;
  const known = new Set([...select.options].map(option => option.value));
  for (const name of [...functions, chosen()]) if (!known.has(name)) select.append(new Option(name, name));
  select.value = chosen();
}

function showNumbers({ decisions, permitted, denied, failedClosed, p99Ms }: Update['numbers']): void {
  const share = (count: number): string => (decisions === 0 ? '–' : `${Math.round((100 * count) / decisions)} %`);
  const texts: Readonly<Record<keyof Update['numbers'], string>> = {
    decisions: decisions.toLocaleString('en'),
    permitted: share(permitted),
    denied: share(denied),
    failedClosed: share(failedClosed),
    p99Ms: p99Ms === undefined ? '–' : milliseconds(p99Ms),
  };
  for (const [name, text] of Object.entries(texts)) {
    const place = document.querySelector(`[data-number="${name}"]`);
    if (place !== null) place.textContent = text;
  }
}

function milliseconds(ms: number): string {
  return `${ms.toLocaleString('en', { maximumFractionDigits: ms < 100 ? 1 : 0 })} ms`;
}

function showRows(rows: readonly Row[]): void {
  const table = document.querySelector('table');
  const card = table?.closest<HTMLElement>('section');
  if (table === null || card === null || card === undefined) return;
  card.dataset['empty'] = String(rows.length === 0);
  const names = [...table.querySelectorAll('th')].map(head => head.textContent ?? '');
  table.tBodies[0]?.replaceChildren(
    ...rows.map(({ kind, route, reasonCode, decisions, p50Ms, p99Ms }) => {
      const line = document.createElement('tr');
      const texts = [kind, route, reasonCode, decisions.toLocaleString('en'), milliseconds(p50Ms), milliseconds(p99Ms)];
      texts.forEach((text, index) => {
        const cell = line.insertCell();
        cell.textContent = text || '–';
        // On a phone each cell shows its own heading.
        cell.dataset['name'] = names[index] ?? '';
      });
      line.cells[2]?.style.setProperty('--reason', colorOf(reasonCode));
      return line;
    }),
  );
}
