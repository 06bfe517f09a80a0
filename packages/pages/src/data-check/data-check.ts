import type { DatasetFormat, Problem, SurveySummary } from '@pffnet/datasets';

/** A table about the objects, such as how well a network's anchors fit them. */
export interface FindingTable {
  /** Its heading on a page. */
  readonly title: string;
  /** What the table says, in a sentence or two. */
  readonly explanation: string;
  /** Column heads, and rows; `asked` marks the rows that were asked for. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly asked: boolean }[];
}

/** What is in a data set, and what is wrong with it. */
export interface DataCheck {
  readonly folder: string;
  readonly format: DatasetFormat;
  /** Whether there is no error among the problems. */
  readonly usable: boolean;
  /** Errors first. */
  readonly problems: readonly Problem[];
  /** What families of networks say about the objects. */
  readonly findings: readonly FindingTable[];
  readonly summary: SurveySummary;
}
