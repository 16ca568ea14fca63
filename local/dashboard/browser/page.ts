/// <reference lib="dom" />
/** The page's script: listens to the run, and draws each widget anew when it changed. */
import type { Drawing } from '../drawing.ts';
import type { Update } from '../update.ts';
import { type Chart, openChart } from './chart.ts';
import { formatNumber } from './format.ts';

const charts = new Map<HTMLElement, Chart>();
const status = document.querySelector<HTMLElement>('#status');
const select = document.querySelector<HTMLSelectElement>('#function');

const element = (name: string, className: string, text: string): HTMLElement => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const isAmount = (text: string): boolean => /^[\d.]*$/.test(text);

const drawNumber = (place: HTMLElement, { lines }: Extract<Drawing, { type: 'singleValue' }>): boolean => {
  const numbers = lines.map(({ values: [value], unit }) => {
    const number = element('span', 'number', typeof value === 'number' ? formatNumber(value) : '–');
    if (typeof value === 'number' && unit !== '') number.append(element('small', '', unit));
    return number;
  });
  place.replaceChildren(...numbers);
  return lines.some(({ values: [value] }) => typeof value === 'number');
};

const drawTable = (place: HTMLElement, { columns, rows }: Extract<Drawing, { type: 'table' }>): boolean => {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  columns.forEach((column, index) => {
    const amounts = rows.every(row => isAmount(row[index] ?? ''));
    head.append(element('th', amounts ? 'amount' : '', column));
  });
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((text, index) => {
      const cell = element('td', head.cells[index]?.className ?? '', text);
      line.append(cell);
    });
  }
  place.replaceChildren(...(rows.length > 0 ? [table] : []));
  return rows.length > 0;
};

const drawChart = (place: HTMLElement, drawing: Extract<Drawing, { type: 'timeSeries' }>): boolean => {
  const chart = charts.get(place) ?? openChart(place);
  charts.set(place, chart);
  chart.draw(drawing);
  return drawing.lines.length > 0;
};

const draw = (index: number, drawing: Drawing): void => {
  const card = document.querySelector<HTMLElement>(`[data-widget="${index}"]`);
  const place = card?.querySelector<HTMLElement>('.drawing');
  if (card === null || place === null || place === undefined) return;
  const filled =
    drawing.type === 'timeSeries'
      ? drawChart(place, drawing)
      : drawing.type === 'singleValue'
        ? drawNumber(place, drawing)
        : drawTable(place, drawing);
  card.dataset['empty'] = String(!filled);
};

const say = (state: string, text: string): void => {
  if (status === null) return;
  status.dataset['state'] = state;
  status.textContent = text;
};

const offer = (functions: readonly string[]): void => {
  const known = new Set([...(select?.options ?? [])].map(option => option.value));
  for (const name of functions) if (!known.has(name)) select?.append(new Option(name, name));
};

/** The function in the address, so that a reload and a bookmark keep it. */
const chosen = (): string => new URLSearchParams(location.search).get('function') ?? '';

let events: EventSource | undefined;

const listen = (): void => {
  events?.close();
  events = new EventSource(`events?function=${encodeURIComponent(chosen())}`);
  events.addEventListener('message', ({ data }) => {
    const update: Update = JSON.parse(String(data));
    offer([...update.functions, ...(chosen() === '' ? [] : [chosen()])]);
    if (select !== null) select.value = chosen();
    const { decisions } = update;
    const counted = decisions === 1 ? '1 decision' : `${formatNumber(decisions)} decisions`;
    say('live', decisions === 0 ? 'Waiting for the first decision' : counted);
    for (const { index, drawing } of update.drawings) draw(index, drawing);
  });
  events.addEventListener('error', () => say('lost', 'The run has ended'));
};

select?.addEventListener('change', () => {
  const address = new URL(location.href);
  address.search = select.value === '' ? '' : `?function=${encodeURIComponent(select.value)}`;
  history.replaceState(null, '', address);
  listen();
});

listen();
