import { readFile } from 'node:fs/promises';
import { DataError } from '@pffnet/structures';
import { parse } from 'csv-parse/sync';
import { readFailure } from '../files/read-failure.ts';

/** A place in an image, in pixels: (0, 0) is the corner of the first one. */
export interface Point {
  readonly y: number;
  readonly x: number;
}

/** Names of the two columns, and where in them the corner of the first pixel lies: napari's pixels have their middle at (0, 0). */
const conventions = [
  { y: 'y', x: 'x', corner: 0 },
  { y: 'axis-0', x: 'axis-1', corner: -0.5 },
] as const;

const expectation = 'expected points, a CSV table with columns y and x, or JSON such as [{ "y": 12, "x": 30 }]';

/**
 * Reads places in an image: a CSV table with the columns y and x (or axis-0 and axis-1, as napari writes points), or JSON, a
 * list of `{ "y": 12, "x": 30 }` or `[12, 30]`.
 * @returns at least one.
 * @throws DataError if the file cannot be read, holds no place, or something that is none.
 */
export async function readPoints(path: string): Promise<Point[]> {
  const points = await contentOf(path).catch((error: unknown) => {
    throw readFailure(path, error, expectation);
  });
  if (points.length > 0) return points;
  throw new DataError(`${path} holds no point; expected the y and x of at least one; add it`);
}

async function contentOf(path: string): Promise<Point[]> {
  const text = await readFile(path, 'utf8');
  return /\.json$/i.test(path) ? fromJson(JSON.parse(text), path) : fromTable(text, path);
}

function fromJson(content: unknown, path: string): Point[] {
  if (!Array.isArray(content))
    throw new DataError(`${path} holds no list; expected [{ "y": 12, "x": 30 }] or [[12, 30]]`);
  return content.map((entry: unknown, index) => {
    const at = (key: string): unknown => (entry as Readonly<Record<string, unknown>> | null)?.[key];
    const [y, x] = Array.isArray(entry) ? (entry as unknown[]) : [at('y'), at('x')];
    return pointOf(y, x, `${path}: point ${index + 1}`);
  });
}

function fromTable(text: string, path: string): Point[] {
  const table = parse(text, { bom: true, skip_empty_lines: true, trim: true }) as string[][];
  if (table.length === 0) return [];
  const [head, ...rows] = table;
  const names = head.map((name) => name.toLowerCase());
  const found = conventions.find(({ y, x }) => names.includes(y) && names.includes(x));
  if (found === undefined) {
    throw new DataError(
      `${path} has no columns y and x; its columns are ${head.join(', ')}; name those in pixels y and x (or axis-0 and axis-1)`,
    );
  }
  const [ys, xs] = [names.indexOf(found.y), names.indexOf(found.x)];
  return rows.map((row, index) => {
    const { y, x } = pointOf(row[ys], row[xs], `${path}: point ${index + 1}`);
    return { y: y - found.corner, x: x - found.corner };
  });
}

const pointOf = (y: unknown, x: unknown, where: string): Point => ({
  y: coordinate(y, 'y', where),
  x: coordinate(x, 'x', where),
});

function coordinate(value: unknown, axis: string, where: string): number {
  const pixels = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof pixels === 'number' && Number.isFinite(pixels)) return pixels;
  throw new DataError(`${where}: ${axis} is ${JSON.stringify(value) ?? 'missing'}; expected a number of pixels`);
}
