import { DataError } from '@pffnet/structures';
import { notFiniteNotes } from './notes.ts';

/** Ids, with a note about values that were no ids. */
export interface ReadIds {
  readonly ids: Uint32Array;
  readonly notes: readonly string[];
}

/**
 * Takes numbers for object ids. Those that are not finite become 0, background, with a note.
 * @param numbers - row by row; 32-bit unsigned ones are not copied.
 * @throws DataError naming the first fraction, negative number or number above 2^32 - 1, and its place.
 */
export function idsOf(numbers: ArrayLike<number>, width: number, path: string, expectation: string): ReadIds {
  if (numbers instanceof Uint32Array) return { ids: numbers, notes: [] };
  const ids = new Uint32Array(numbers.length);
  let notFinite = 0;
  for (let at = 0; at < ids.length; at++) {
    const id = numbers[at];
    ids[at] = id;
    if (ids[at] === id) continue;
    if (Number.isFinite(id)) throw notAnId(id, at, width, path, expectation);
    notFinite++; // and 0, as typed arrays turn them
  }
  return { ids, notes: notFiniteNotes(path, notFinite) };
}

function notAnId(value: number, at: number, width: number, path: string, expectation: string): DataError {
  return new DataError(
    `${path} has the value ${value} at row ${Math.floor(at / width)}, column ${at % width}; ${expectation}; ids are 0, 1, 2, …`,
  );
}
