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
  await writeAtomically(path, inBlocks(lines(rows, columns)));
}

async function* lines(
  rows: Iterable<TableRow> | AsyncIterable<TableRow>,
  columns: readonly string[] | undefined,
): AsyncGenerator<string> {
  if (columns !== undefined) yield stringify([[...columns]]);
  for await (const row of rows) {
    if (columns === undefined) yield stringify([(columns = Object.keys(row))]);
    yield stringify([columns.map((column) => shown(row[column]))]);
  }
}

function shown(value: TableRow[string]): string | number {
  return value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? '' : value;
}
