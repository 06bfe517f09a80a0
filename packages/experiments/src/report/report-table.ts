import type { ScoreName } from '@pffnet/metrics';
import { protocols } from '../matrix/protocols.ts';
import { builtVariant } from '../matrix/variants.ts';
import { oursFor, type PaperColumn, type PaperTable } from '../paper/paper-table.ts';
import { paperTables } from '../paper/paper-tables.ts';
import { type Cell, cellOf, type RunGroup } from './cell.ts';
import { createNotes, type Note } from './notes.ts';

/** A table as it is printed: the paper's numbers and ours, and what produced ours. */
export interface ReportTable {
  readonly name: string;
  readonly heading: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  /** What produced our numbers, each with the letter that marks its cells. */
  readonly notes: readonly Note[];
  readonly remarks: readonly string[];
}

export interface ReportColumn {
  /** The data set. */
  readonly group: string;
  /** `AJI`, or `AJI seen`. */
  readonly head: string;
  /** Not in the paper's table: runs on other data sets. */
  readonly added: boolean;
}

export interface ReportRow {
  readonly label: string;
  /** Why a row has no number of ours, if it cannot have any. */
  readonly absence: string | null;
  readonly cells: readonly ReportCell[];
}

export interface ReportCell {
  readonly paper: { readonly mean: number; readonly std: number | null } | null;
  readonly ours: Cell | null;
  /** Ours minus the paper's. */
  readonly difference: number | null;
  /** The letter of its note. */
  readonly mark: string | null;
}

/** Every table of the paper, with what runs there are; then the networks and data sets that stand together in none. */
export function reportTables(groups: readonly RunGroup[]): ReportTable[] {
  const inPaper = ({ variant, protocol }: RunGroup): boolean =>
    paperTables.some(
      (table) =>
        table.rows.some(({ network }) => network === variant) &&
        [...table.columns, ...addedColumns(table, groups)].some((column) => column.protocol === protocol),
    );
  const own = groups.filter((group) => !inPaper(group));
  return [...paperTables, ...(own.length === 0 ? [] : [ownTable(own)])].map((table) => fill(table, groups));
}

/** Networks, and data sets of networks, beyond the paper: beside PFFNet. */
function ownTable(own: readonly RunGroup[]): PaperTable {
  const titles = new Map([['pffnet', 'PFFNet'], ...own.map(({ variant, title }) => [variant, title] as const)]);
  return {
    number: '',
    name: 'beyond-the-paper',
    title: 'Beyond the paper',
    columns: [],
    rows: [...titles].map(([network, label]) => ({ network, label, mean: [] })),
    remarks: [],
  };
}

type Column = PaperColumn & { readonly added: boolean };

function fill(table: PaperTable, groups: readonly RunGroup[]): ReportTable {
  const columns: Column[] = [
    ...table.columns.map((column) => ({ ...column, added: false })),
    ...addedColumns(table, groups),
  ];
  const notes = createNotes();
  const rows = table.rows.map(({ label, network, quotedFrom, mean, std }): ReportRow => {
    const cells = columns.map((column, at): ReportCell => {
      const published = mean[at] ?? null;
      const paper = published === null ? null : { mean: published, std: std?.[at] ?? null };
      const group = groups.find(({ variant, protocol }) => variant === network && protocol === column.protocol);
      const ours = group === undefined ? null : cellOf(group, column.ours, column.group);
      const difference = paper === null || ours === null ? null : ours.mean - paper.mean;
      return { paper, ours, difference, mark: ours === null ? null : notes.markOf(ours.scale) };
    });
    return { label, absence: absenceOf(network, quotedFrom, groups), cells };
  });
  return {
    name: table.name,
    heading: table.number === '' ? table.title : `Table ${table.number}: ${table.title}`,
    columns: columns.map(({ protocol, score, group, added }) => ({
      group: titleOf(protocol, groups),
      head: group === undefined ? score : `${score} ${group}`,
      added,
    })),
    rows,
    notes: notes.list,
    remarks: table.remarks,
  };
}

/** Data sets that the table does not have and its networks were run on. */
function addedColumns(table: PaperTable, groups: readonly RunGroup[]): Column[] {
  const networks = new Set(table.rows.map(({ network }) => network));
  const known = new Set(table.columns.map(({ protocol }) => protocol));
  const added = new Set(
    groups
      .filter(({ variant, protocol }) => networks.has(variant) && !known.has(protocol))
      // A table of one data set stays one; stand-ins have columns of their own.
      .filter(
        ({ protocol }) =>
          !paperTables.some(({ columns }) => columns.some((column) => column.protocol === protocol)) ||
          table.columns.length === 0,
      )
      .map(({ protocol }) => protocol),
  );
  return [...added].flatMap((protocol) => {
    const { scores = ['AJI', 'Dice', 'F1', 'PQ'] as const } = protocols.find(({ name }) => name === protocol) ?? {};
    return scores.map((score): Column => ({ protocol, score, ours: oursFor[score], added: true }));
  });
}

function absenceOf(
  network: string | undefined,
  quotedFrom: string | undefined,
  groups: readonly RunGroup[],
): string | null {
  if (groups.some(({ variant }) => variant === network)) return null;
  if (quotedFrom !== undefined) return `quoted by the paper from ${quotedFrom}`;
  return builtVariant(network ?? '') === undefined ? 'not built yet' : null;
}

const titleOf = (protocol: string, groups: readonly RunGroup[]): string =>
  protocols.find(({ name }) => name === protocol)?.title ??
  groups.find((group) => group.protocol === protocol)?.protocolTitle ??
  protocol;

/** Scores that stand in any table, for plots and tests. */
export const plottedScores: readonly (readonly [score: ScoreName, title: string])[] = [
  ['ajiOnceLegacy', 'AJI'],
  ['dice', 'Dice'],
  ['f1', 'F1'],
  ['pq', 'PQ'],
];
