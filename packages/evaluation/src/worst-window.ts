import type { LabelMap, RgbImage } from '@pffnet/structures';
import type { Fates } from './error-picture.ts';

/** A rectangle of pixels. */
export interface Window {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The part of an image that has the most missed and false objects, so that a picture of it shows them at full size.
 * @param side - largest height and width, in pixels; an image within it is shown whole.
 * @returns the first of equally bad windows; they begin every half side.
 */
export function worstWindow(prediction: LabelMap, truth: LabelMap, fates: Fates, side: number): Window {
  const { height, width } = truth;
  const rows = starts(height, side);
  const columns = starts(width, side);
  const errors = new Uint32Array(rows.length * columns.length);
  for (const pixel of [...firstPixels(truth, fates.missed), ...firstPixels(prediction, fates.false)]) {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    for (const [row, top] of rows.entries()) {
      for (const [column, left] of columns.entries()) {
        if (y >= top && y < top + side && x >= left && x < left + side) errors[row * columns.length + column]++;
      }
    }
  }
  const worst = errors.indexOf(Math.max(...errors));
  return {
    y: rows[Math.floor(worst / columns.length)],
    x: columns[worst % columns.length],
    height: Math.min(side, height),
    width: Math.min(side, width),
  };
}

/** Where windows begin along an axis: every half side, and at its end. */
function starts(length: number, side: number): number[] {
  const last = Math.max(0, length - side);
  const places = [];
  for (let start = 0; start < last; start += Math.ceil(side / 2)) places.push(start);
  return [...places, last];
}

/** The pixel of each of some objects that comes first. */
function firstPixels({ data }: LabelMap, ids: ReadonlySet<number>): number[] {
  const sought = new Set(ids);
  const pixels: number[] = [];
  for (let pixel = 0; pixel < data.length && sought.size > 0; pixel++) {
    if (data[pixel] !== 0 && sought.delete(data[pixel])) pixels.push(pixel);
  }
  return pixels;
}

/** The labels in a window. */
export function cutLabels(labels: LabelMap, window: Window): LabelMap {
  return { height: window.height, width: window.width, data: cut(labels.data, labels.width, 1, window) };
}

/** The pixels in a window. */
export function cutImage(image: RgbImage, window: Window): RgbImage {
  return { height: window.height, width: window.width, data: cut(image.data, image.width, 3, window) };
}

function cut<Values extends Uint32Array | Float32Array>(
  data: Values,
  width: number,
  channels: number,
  window: Window,
): Values {
  const part = data.slice(0, window.height * window.width * channels) as Values;
  for (let row = 0; row < window.height; row++) {
    const from = ((window.y + row) * width + window.x) * channels;
    part.set(data.subarray(from, from + window.width * channels), row * window.width * channels);
  }
  return part;
}
