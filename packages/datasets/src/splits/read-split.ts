import { readFile } from 'node:fs/promises';
import { DataError } from '@pffnet/tensor-ops/structures';
import { parse } from 'csv-parse/sync';
import { nearestName } from '../nearest-name.ts';

/** Per image name, the part of the split that it belongs to, such as `2` or `train`. */
export type Split = ReadonlyMap<string, string>;

const nameColumn = 'name';

/**
 * Reads one column of a split table: comma-separated, a header line, the images in the column `name`.
 * @param column - the column that holds the part, such as `fold_by_patient`.
 * @throws DataError if the file cannot be read, a column is missing, a value is empty, or a name comes twice.
 */
export async function readSplit(path: string, column: string): Promise<Map<string, string>> {
  const [header, ...rows] = await readTable(path);
  if (header === undefined || rows.length === 0) {
    throw new DataError(`${path} has no rows; expected a header line and one line per image; fill it`);
  }
  const nameAt = columnIndex(header, nameColumn, path);
  const partAt = columnIndex(header, column, path);
  const split = new Map<string, string>();
  for (const row of rows) {
    const [name, part] = [row[nameAt], row[partAt]];
    if (name === '' || part === '') {
      const [missing, line] = name === '' ? [nameColumn, row.join(',')] : [column, name];
      throw new DataError(`${path} has no ${missing} in the line of ${line}; expected a value in every line; add it`);
    }
    if (split.has(name)) {
      throw new DataError(`${path} names ${name} twice; expected one line per image; remove one of them`);
    }
    split.set(name, part);
  }
  return split;
}

function columnIndex(header: readonly string[], column: string, path: string): number {
  const index = header.indexOf(column);
  if (index < 0) {
    throw new DataError(
      `${path} has no column ${column}; nearest is ${nearestName(column, header)}; its columns are ${header.join(', ')}`,
    );
  }
  return index;
}

async function readTable(path: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`;
    throw new DataError(`${reason}; expected a table of images and folds (csv); check the path`, { cause: error });
  }
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const { message } = error as Error;
    throw new DataError(`${path} is no table: ${message}; expected comma-separated values; mend that line`, {
      cause: error,
    });
  }
}
