import { DataError } from '@pffnet/structures';
import type { RunLengths } from './run-lengths.ts';

/** Lines are followed in fifths of a pixel. */
const scale = 5;

/**
 * The mask of a COCO polygon, pixel for pixel as the COCO API draws it.
 * @param corners - x0, y0, x1, y1, … in image pixels; the first need not be repeated. Lines may cross: even-odd rule.
 * @returns run lengths over the whole image.
 * @throws DataError if there are fewer than three corners, one is no number or lies farther than the image's size outside
 * of it, or the line is many times longer than an image of this size can hold.
 * @remarks Source: the COCO API, `rleFrPoly`: each line is drawn on a grid of fifths; where it goes from one column to
 * the next through the middle of a pixel's column, the first pixel whose middle is at or below the line toggles.
 */
export function cocoPolygonRuns(corners: readonly number[], height: number, width: number, where: string): RunLengths {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let at = 0; at + 1 < corners.length; at += 2) {
    const [x, y] = [corners[at], corners[at + 1]];
    if (!(x >= -width && x <= 2 * width && y >= -height && y <= 2 * height)) {
      throw new DataError(
        `${where} has a corner at (${x}, ${y}), far outside its image of ${height} x ${width}; check its image`,
      );
    }
    xs.push(Math.trunc(scale * x + 0.5));
    ys.push(Math.trunc(scale * y + 0.5));
  }
  if (xs.length < 3 || corners.length % 2 === 1) {
    throw new DataError(
      `${where} has a polygon of ${corners.length} numbers; expected three corners x, y or more; export it again`,
    );
  }
  refuseEndless(xs, ys, height, width, where);
  const toggles: number[] = [];
  let [u, v] = [NaN, NaN];
  const visit = (nextU: number, nextV: number): void => {
    if (nextU !== u && !Number.isNaN(u)) {
      const x = ((nextU < u ? nextU : nextU - 1) + 0.5) / scale - 0.5;
      if (Number.isInteger(x) && x >= 0 && x <= width - 1) {
        const y = (Math.min(v, nextV) + 0.5) / scale - 0.5;
        toggles.push(x * height + Math.ceil(Math.min(Math.max(y, 0), height)));
      }
    }
    [u, v] = [nextU, nextV];
  };
  for (let index = 0; index < xs.length; index++) {
    const next = (index + 1) % xs.length;
    visitLine(xs[index], ys[index], xs[next], ys[next], visit);
  }
  toggles.sort((first, second) => first - second);
  const counts: number[] = [];
  let from = 0;
  for (let index = 0; index < toggles.length; index++) {
    // Two at one place undo each other, and one behind the last pixel does nothing.
    if (toggles[index] === toggles[index + 1]) index++;
    else if (toggles[index] < height * width) {
      counts.push(toggles[index] - from);
      from = toggles[index];
    }
  }
  counts.push(height * width - from);
  return { height, width, counts };
}

/** Points of a line in its order; always computed from its left or upper end, so that both directions give the same. */
function visitLine(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  visit: (x: number, y: number) => void,
): void {
  const [dx, dy] = [Math.abs(toX - fromX), Math.abs(toY - fromY)];
  const flat = dx >= dy;
  const flip = flat ? fromX > toX : fromY > toY;
  const [x, y, endX, endY] = flip ? [toX, toY, fromX, fromY] : [fromX, fromY, toX, toY];
  const length = flat ? dx : dy;
  const slope = length === 0 ? 0 : flat ? (endY - y) / dx : (endX - x) / dy;
  for (let step = 0; step <= length; step++) {
    const t = flip ? length - step : step;
    if (flat) visit(x + t, Math.trunc(y + slope * t + 0.5));
    else visit(Math.trunc(x + slope * t + 0.5), y + t);
  }
}

/**
 * A line around every single pixel of the image is four times as long; a longer one is damaged and would take too long
 * to draw.
 */
function refuseEndless(
  xs: readonly number[],
  ys: readonly number[],
  height: number,
  width: number,
  where: string,
): void {
  let length = 0;
  for (let index = 0; index < xs.length; index++) {
    const next = (index + 1) % xs.length;
    length += Math.max(Math.abs(xs[next] - xs[index]), Math.abs(ys[next] - ys[index])) + 1;
  }
  if (length > scale * 4 * (height * width + height + width) + 2 ** 16) {
    throw new DataError(
      `${where} has a line of ${Math.round(length / scale)} pixels in an image of ${height} x ${width}; check its image`,
    );
  }
}
