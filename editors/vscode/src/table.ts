// Rows as text: in a cell, and as files of other programs take them.

/** A value as it came over the wire: a struct is an object, or a list where it has no names. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

export interface Column {
  readonly name: string;
  /** As Spark's DDL writes it: `array<string>`. */
  readonly type: string;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/** A part of a table: first and last row and column, counted from 0. */
export interface Area {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

export type Separator = ',' | '\t';

/** Whether Spark counts with values of a type. */
export function isNumeric(type: string): boolean {
  return /^(tinyint|smallint|int|bigint|float|double|decimal(\(.*\))?)$/.test(type);
}

/** A value in one line, but for the lines that a text has itself; nothing where there is none. */
export function shown(value: Value): string {
  if (value === null) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A value with room for it: what is nested, a line for each part. */
export function spread(value: Value): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, undefined, 2) : shown(value);
}

/** Part of a table with separators between its values, or all of it with the names of its columns before. */
export function delimited(table: Table, separator: Separator, area?: Area): string {
  const lines = area === undefined ? [table.columns.map(({ name }) => field(name, separator))] : [];
  const rows = area === undefined ? table.rows : table.rows.slice(area.rows[0], area.rows[1] + 1);
  for (const row of rows) {
    const values = area === undefined ? row : row.slice(area.columns[0], area.columns[1] + 1);
    lines.push(values.map((value) => field(value, separator)));
  }
  const end = separator === ',' ? '\r\n' : '\n';
  return lines.map((line) => line.join(separator)).join(end) + (area === undefined ? end : '');
}

/** An empty text is quoted, and no value is nothing at all: so both come back as what they are. */
function field(value: Value, separator: Separator): string {
  const text = shown(value);
  const quoted = value === '' || text.includes(separator) || /["\r\n]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}
