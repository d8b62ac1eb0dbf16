// The page of the rows panel: a table to look at, to walk through by keys and to copy from. All that it shows is set as text.

import { delimited, isNumeric, shown, spread, type Area, type Value } from '../table';
import type { FromPage, Rows, ToPage } from './messages';
import './rows.css';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const LIMITS = [100, 1000];
/** How many rows a page key goes. */
const PAGE = 20;

const [summary, tools, holder, detail] = ['summary', 'tools', 'rows', 'value'].map((id) => document.getElementById(id) as HTMLElement) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
];

let current: Rows | undefined;
let cells: HTMLElement[][] = [];
/** The cells that are selected. */
let marked: HTMLElement[] = [];
/** Where the cursor stands, and where the selection begins: row and column. */
let cursor: [number, number] = [0, 0];
let anchor: [number, number] = [0, 0];

const limits = document.createElement('select');
limits.setAttribute('aria-label', 'Rows at most');
limits.addEventListener('change', again);
const buttons = [
  button('Run Again', again),
  button('Copy as TSV', () => copy(current && delimited(current, '\t'))),
  button('Copy as CSV', () => copy(current && delimited(current, ','))),
];
tools.append(limits, ...buttons);

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if ('rows' in data) {
    show(data.rows);
  } else {
    busy(data.busy);
  }
});
holder.addEventListener('keydown', walk);
holder.addEventListener('mousedown', point);
vscode.postMessage({ is: 'ready' });

function button(label: string, action: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.textContent = label;
  made.addEventListener('click', action);
  return made;
}

function again(): void {
  vscode.postMessage({ is: 'again', limit: Number(limits.value) });
}

function copy(text: string | undefined): void {
  if (text !== undefined) {
    vscode.postMessage({ is: 'copy', text });
  }
}

function busy(is: boolean): void {
  document.body.setAttribute('aria-busy', String(is));
  limits.disabled = is;
  buttons[0]!.disabled = is;
}

function show(rows: Rows): void {
  current = rows;
  busy(false);
  const offered = [...new Set([...LIMITS, rows.limit])].sort((one, other) => one - other);
  limits.replaceChildren(...offered.map((limit) => new Option(`${limit} rows`, String(limit), false, limit === rows.limit)));
  const count = rows.rows.length;
  const more = count === rows.limit ? ', perhaps more are there' : '';
  summary.textContent = `${count} row${count === 1 ? '' : 's'}${more}, ${rows.columns.length} column${rows.columns.length === 1 ? '' : 's'}`;
  holder.replaceChildren(table(rows));
  marked = [];
  go(cursor, false, false);
}

function table(rows: Rows): HTMLTableElement {
  const made = document.createElement('table');
  made.setAttribute('role', 'grid');
  made.setAttribute('aria-label', `Rows of ${rows.title}`);
  made.setAttribute('aria-multiselectable', 'true');
  const numeric = rows.columns.map(({ type }) => isNumeric(type));
  const head = made.createTHead().insertRow();
  const corner = heading('col', '#');
  corner.setAttribute('aria-label', 'Row');
  head.append(corner);
  rows.columns.forEach(({ name, type }, at) => {
    const named = heading('col', name);
    const typed = document.createElement('span');
    typed.className = 'type';
    typed.textContent = type;
    named.title = `${name} ${type}`;
    named.classList.toggle('number', numeric[at]);
    named.append(' ', typed);
    head.append(named);
  });
  const body = made.createTBody();
  cells = rows.rows.map((row, number) => {
    const line = body.insertRow();
    line.append(heading('row', String(number + 1)));
    return row.map((value, at) => cell(line, value, numeric[at] === true));
  });
  return made;
}

function heading(scope: string, text: string): HTMLTableCellElement {
  const made = document.createElement('th');
  made.scope = scope;
  made.textContent = text;
  return made;
}

function cell(line: HTMLTableRowElement, value: Value, isNumber: boolean): HTMLElement {
  const made = line.insertCell();
  made.setAttribute('role', 'gridcell');
  made.tabIndex = -1;
  made.classList.toggle('number', isNumber);
  if (value === null) {
    // A text may read NULL as well: this one looks otherwise, and is told otherwise.
    made.className += ' null';
    made.setAttribute('aria-label', 'no value');
    made.textContent = 'NULL';
  } else {
    made.classList.toggle('nested', typeof value === 'object');
    made.textContent = shown(value);
  }
  return made;
}

/** Shows where the cursor stands and what is selected, and the value there in full. */
function mark(focus: boolean): void {
  const { rows, columns } = selected();
  for (const one of marked) {
    one.tabIndex = -1;
    one.removeAttribute('aria-selected');
  }
  marked = cells.slice(rows[0], rows[1] + 1).flatMap((line) => line.slice(columns[0], columns[1] + 1));
  for (const one of marked) {
    one.setAttribute('aria-selected', 'true');
  }
  const here = cells[cursor[0]]?.[cursor[1]];
  here?.setAttribute('tabindex', '0');
  const value = current?.rows[cursor[0]]?.[cursor[1]];
  detail.textContent = value === undefined ? '' : value === null ? 'NULL' : spread(value);
  detail.classList.toggle('null', value === null);
  if (focus) {
    here?.focus();
  }
}

function selected(): Area {
  const between = (one: number, other: number): [number, number] => [Math.min(one, other), Math.max(one, other)];
  return { rows: between(anchor[0], cursor[0]), columns: between(anchor[1], cursor[1]) };
}

function point(event: MouseEvent): void {
  const row = cells.findIndex((line) => line.some((one) => one === event.target));
  if (row >= 0) {
    go([row, cells[row]!.findIndex((one) => one === event.target)], event.shiftKey);
    event.preventDefault();
  }
}

function go([row, column]: [number, number], keeps: boolean, focus = true): void {
  const within = (at: number, count: number) => Math.max(0, Math.min(at, count - 1));
  cursor = [within(row, cells.length), within(column, cells[0]?.length ?? 0)];
  anchor = keeps ? anchor : cursor;
  mark(focus);
}

function walk(event: KeyboardEvent): void {
  const [row, column] = cursor;
  const [last, end] = [cells.length - 1, (cells[0]?.length ?? 0) - 1];
  const whole = event.ctrlKey || event.metaKey;
  const key = whole ? `Control+${event.key}` : event.key;
  const moves: Record<string, [number, number]> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    PageUp: [row - PAGE, column],
    PageDown: [row + PAGE, column],
    Home: [row, 0],
    End: [row, end],
    'Control+Home': [0, 0],
    'Control+End': [last, end],
  };
  const move = moves[key];
  if (move !== undefined) {
    go(move, event.shiftKey);
  } else if (key === 'Control+a') {
    anchor = [0, 0];
    go([last, end], true);
  } else if (key === 'Control+c') {
    copy(current && delimited(current, '\t', selected()));
  } else {
    return;
  }
  event.preventDefault();
}
