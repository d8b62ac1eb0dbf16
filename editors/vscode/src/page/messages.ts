// What the panel and its page tell each other.

import type { Column, Value } from '../table';

/** What `glueline.show` answers. */
export interface Rows {
  readonly uri: string;
  readonly node: string | null;
  readonly title: string;
  /** The part after `with` that they are of. */
  readonly cte: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  readonly limit: number;
}

/** To the page: rows to show, or that others are asked for. */
export type ToPage = { readonly rows: Rows } | { readonly busy: boolean };

/** From the page: that it can be told something, that rows are wanted again, and what is to be copied. */
export type FromPage = { readonly is: 'ready' } | { readonly is: 'again'; readonly limit: number } | { readonly is: 'copy'; readonly text: string };
