import { DataError } from '@pffnet/structures';
import type { LabelDrawing } from '../annotations/label-drawing.ts';

/**
 * A mask as run lengths, column after column: how many pixels are out, then how many are in, then out again, and so on.
 * They add up to height * width; the first is 0 when the first pixel is in.
 */
export interface RunLengths {
  readonly height: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** Pixels of a mask. */
export function areaOfRuns({ counts }: RunLengths): number {
  let area = 0;
  for (let index = 1; index < counts.length; index += 2) area += counts[index];
  return area;
}

/** The tight box of a mask: (x, y, width, height) in pixels, as COCO writes it; zeros for an empty mask. */
export function boxOfRuns({ height, counts }: RunLengths): [x: number, y: number, width: number, height: number] {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let at = 0;
  for (let index = 0; index < counts.length; at += counts[index++]) {
    if (index % 2 === 0 || counts[index] === 0) continue;
    const last = at + counts[index] - 1;
    const [firstColumn, lastColumn] = [Math.floor(at / height), Math.floor(last / height)];
    left = Math.min(left, firstColumn);
    right = Math.max(right, lastColumn);
    // A run that goes on in the next column touches the last and the first row.
    top = firstColumn === lastColumn ? Math.min(top, at % height) : 0;
    bottom = firstColumn === lastColumn ? Math.max(bottom, last % height) : height - 1;
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}

/** Draws the pixels of a mask. */
export function drawRuns({ counts }: RunLengths, drawing: LabelDrawing): void {
  let at = 0;
  for (let index = 0; index < counts.length; at += counts[index++]) {
    if (index % 2 === 1) drawing.columnRun(at, counts[index]);
  }
}

/**
 * Packs run lengths into text as the COCO API does: each count, from the fourth on its difference to the count before
 * the last, in groups of 5 bits, least first, a sixth bit saying that more follow, as characters from code 48 on.
 */
export function packRuns(counts: readonly number[]): string {
  const codes: number[] = [];
  counts.forEach((count, index) => {
    let rest = index > 2 ? count - counts[index - 2] : count;
    for (;;) {
      const group = rest & 31;
      rest >>= 5;
      // The topmost bit of the last group is the sign.
      const done = (group & 16) === 0 ? rest === 0 : rest === -1;
      codes.push((done ? group : group | 32) + 48);
      if (done) break;
    }
  });
  let text = '';
  for (let at = 0; at < codes.length; at += 4096) text += String.fromCharCode(...codes.slice(at, at + 4096));
  return text;
}

/**
 * Unpacks text that {@link packRuns} or the COCO API made.
 * @throws DataError if a character does not belong there, or a number needs more than 32 bits.
 */
export function unpackRuns(text: string, where: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let group = 32;
    for (let shift = 0; (group & 32) !== 0; shift += 5) {
      group = text.charCodeAt(at++) - 48;
      if (!(group >= 0 && group < 64) || shift > 30) {
        throw new DataError(
          `${where} has broken run lengths at character ${at}; expected text of the COCO API; export it again`,
        );
      }
      value |= (group & 31) << shift;
      if ((group & 48) === 16 && shift <= 25) value |= -1 << (shift + 5);
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}

/**
 * Checks that run lengths lie on an image.
 * @throws DataError if one is no whole number or they do not add up to its pixels.
 */
export function checkedRuns(counts: readonly number[], height: number, width: number, where: string): RunLengths {
  let sum = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) {
      throw new DataError(`${where} has the run length ${count}; expected 0, 1, 2, …; export it again`);
    }
    sum += count;
  }
  if (sum !== height * width) {
    throw new DataError(
      `${where} has run lengths of ${sum} pixels, its image ${height} x ${width}; expected them to add up; export it again`,
    );
  }
  return { height, width, counts };
}
