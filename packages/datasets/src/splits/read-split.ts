import { readFile, stat } from 'node:fs/promises';
import { DataError } from '@pffnet/structures';
import { parse } from 'csv-parse/sync';
import { compareNames } from '../files/list-files.ts';
import { pairingName } from '../files/pairing-name.ts';
import { readFailure } from '../files/read-failure.ts';
import { nearestName } from '../nearest-name.ts';
import { readImageLists } from './read-image-lists.ts';

/** Per image name, the part of the split that it belongs to, such as `2` or `train`. */
export type Split = ReadonlyMap<string, string>;

/** Splits that come with this package, each a table in `splits/` whose first line says where it is from. */
export const shippedSplits = ['kumar', 'tnbc', 'cvppp', 'dsb2018-u2os'] as const;

/** Where the part is looked for when no column is named. */
const usualColumns = ['fold', 'part'];

/**
 * Reads a division of images into parts.
 * @param source - the name of one of {@link shippedSplits}; a CSV file; or a folder with the lists `training.txt`,
 * `validation.txt` and `test.txt` (`metadata/` of BBBC039), which make the parts `train`, `validation` and `test`.
 * A CSV file has a header line and the images in the column `name` (with or without folders and endings), or their places, counted from 1, in the column
 * `position`; lines that begin with `#` are remarks.
 * @param column - holds the part, such as `fold_by_patient`; by default `fold`, or else `part`.
 * @param names - the images to which positions refer, in ascending order; as many as the table has lines.
 * @throws DataError if the file cannot be read, a column is missing, a value is empty, or a name comes twice.
 */
export async function readSplit(
  source: string,
  column?: string,
  names: readonly string[] = [],
): Promise<Map<string, string>> {
  const shipped = shippedSplits.find((name) => name === source);
  if (shipped === undefined && (await isFolder(source))) return readImageLists(source);
  const path = shipped === undefined ? source : new URL(`../../splits/${shipped}.csv`, import.meta.url);
  return partsOf(await readTable(path, source), source, column, names);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // the attempt to read it as a file will say why
  }
}

function partsOf(
  [header, ...rows]: string[][],
  source: string,
  column: string | undefined,
  names: readonly string[],
): Map<string, string> {
  if (header === undefined || rows.length === 0) {
    throw new DataError(`${source} has no rows; expected a header line and one line per image; fill it`);
  }
  const wanted = column ?? usualColumns.find((usual) => header.includes(usual));
  if (wanted === undefined) {
    throw new DataError(
      `${source} has no column ${usualColumns.join(' or ')}; its columns are ${header.join(', ')}; name the one that divides the images with --column`,
    );
  }
  const partAt = columnIndex(header, wanted, source);
  const nameOf = header.includes('position') ? byPosition(header, rows, source, names) : byName(header, source);
  const split = new Map<string, string>();
  for (const row of rows) {
    const [name, part] = [nameOf(row), row[partAt]];
    if (name === '' || part === '') {
      const [missing, line] = name === '' ? ['name', row.join(',')] : [wanted, name];
      throw new DataError(`${source} has no ${missing} in the line of ${line}; expected a value in every line; add it`);
    }
    if (split.has(name)) {
      throw new DataError(`${source} names ${name} twice; expected one line per image; remove one of them`);
    }
    split.set(name, part);
  }
  return split;
}

type NameOfRow = (row: readonly string[]) => string;

function byName(header: readonly string[], source: string): NameOfRow {
  const nameAt = columnIndex(header, 'name', source);
  return (row) => pairingName(row[nameAt]);
}

function byPosition(
  header: readonly string[],
  rows: readonly unknown[],
  source: string,
  names: readonly string[],
): NameOfRow {
  if (names.length !== rows.length) {
    throw new DataError(
      `the split ${source} divides ${rows.length} images by their order, but the data set has ${names.length}; expected the complete data set, or a table of names`,
    );
  }
  const inOrder = [...names].sort(compareNames);
  const positionAt = columnIndex(header, 'position', source);
  return (row) => {
    const name = inOrder[Number(row[positionAt]) - 1];
    if (name !== undefined) return name;
    throw new DataError(
      `${source} has the position ${row[positionAt]}; expected whole numbers from 1 to ${rows.length}; mend that line`,
    );
  };
}

function columnIndex(header: readonly string[], column: string, source: string): number {
  const index = header.indexOf(column);
  if (index < 0) {
    throw new DataError(
      `${source} has no column ${column}; nearest is ${nearestName(column, header)}; its columns are ${header.join(', ')}`,
    );
  }
  return index;
}

async function readTable(path: string | URL, source: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const expectation = `expected a table of images and folds (csv), a folder of lists, or one of ${shippedSplits.join(', ')}`;
    throw readFailure(source, error, expectation);
  }
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true, comment: '#', comment_no_infix: true });
  } catch (error) {
    const { message } = error as Error;
    throw new DataError(`${source} is no table: ${message}; expected comma-separated values; mend that line`, {
      cause: error,
    });
  }
}
