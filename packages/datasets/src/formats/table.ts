import { stringify } from 'csv-stringify/sync';
import { writeAtomically } from '../files/write-atomically.ts';
import { inBlocks } from './in-blocks.ts';

/** A line of a table: values by column. */
export type TableRow = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Writes lines as CSV (RFC 4180, UTF-8), whole or not at all; lines are taken one by one. The first line's columns are
 * the header; what a line lacks, null and numbers that are not finite become empty.
 * @param columns - needed where there may be no line.
 * @throws DataError if the folder cannot be written, WriteError if the disk is full.
 */
export async function writeTable(
  path: string,
  rows: Iterable<TableRow> | AsyncIterable<TableRow>,
  columns?: readonly string[],
): Promise<void> {
  await writeAtomically(path, lines(rows, columns));
}

async function* lines(
  rows: Iterable<TableRow> | AsyncIterable<TableRow>,
  header: readonly string[] | undefined,
): AsyncGenerator<string> {
  let columns = header;
  if (columns !== undefined) yield stringify([[...columns]]);
  yield* inBlocks(rows, (row) => {
    if (columns !== undefined) return lineOf(row, columns);
    columns = Object.keys(row);
    return stringify([columns]) + lineOf(row, columns);
  });
}

/** Numbers need no quotes; lines with texts are left to the library, which knows when they do. */
function lineOf(row: TableRow, columns: readonly string[]): string {
  let line = '';
  for (const column of columns) {
    const value = shown(row[column]);
    if (typeof value === 'string' && value !== '') return stringify([columns.map((each) => shown(row[each]))]);
    line += `,${value}`;
  }
  // A line of one empty value is not an empty line.
  return line === ',' ? stringify([['']]) : `${line.slice(1)}\n`;
}

function shown(value: TableRow[string]): string | number {
  return value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? '' : value;
}
