import { universalColours } from '@pffnet/pages/colours';
import { matchedPredictions, overlapTable } from '@pffnet/metrics';
import { outlinePixels } from '@pffnet/postprocess';
import type { LabelMap, RgbImage } from '@pffnet/structures';

/** What became of an object. */
export type Fate = 'found' | 'missed' | 'false';

/** Apart in hue and in lightness: colour-blind people and grey printers see them too. */
export const fateColours: Readonly<Record<Fate, readonly [number, number, number]>> = {
  found: rgb(universalColours.skyBlue),
  missed: rgb(universalColours.yellow),
  false: rgb(universalColours.vermilion),
};

/** Red, green and blue of `#rrggbb`. */
function rgb(hex: string): [number, number, number] {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
}

/** The ids behind TP, FN and FP of the panoptic quality: IoU above 1/2. */
export interface Fates {
  /** True objects without a matched prediction. */
  readonly missed: ReadonlySet<number>;
  /** Predictions without a matched true object. */
  readonly false: ReadonlySet<number>;
}

/** Tells found, missed and false objects apart. */
export function fatesOf(prediction: LabelMap, truth: LabelMap): Fates {
  const table = overlapTable(prediction, truth);
  const partner = matchedPredictions(table);
  const wrong = new Set(table.predictedIds);
  const missed = new Set<number>();
  for (const [object, id] of table.truthIds.entries()) {
    if (partner[object] < 0) missed.add(id);
    else wrong.delete(table.predictedIds[partner[object]]);
  }
  return { missed, false: wrong };
}

/** Of the picture that fades behind the marks, 0..1. */
const baseWeight = 0.5;
const baseShift = 24;
/** Of a mark that covers the inside of an object, 0..1. */
const tint = 0.5;
/** Missed objects are hatched: lines of this width, this far apart, in pixels. */
const hatch = { width: 2, pitch: 5 };
/** Grey of true objects where there is no image. */
const objectGrey = 110;

/**
 * Draws matched predictions (outlined), false positives (filled) and missed true objects (hatched) over the darkened
 * grey image, or over the true objects in grey if no image is given.
 */
export function errorPicture(prediction: LabelMap, truth: LabelMap, fates: Fates, image: RgbImage | null): RgbImage {
  const { height, width } = truth;
  const data = new Float32Array(height * width * 3);
  const predictedEdge = lines(prediction);
  const trueEdge = lines(truth);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [predicted, actual] = [prediction.data[pixel], truth.data[pixel]];
      const grey = image === null ? (actual === 0 ? 0 : objectGrey) : luminance(image.data, pixel);
      data.fill(baseShift + baseWeight * grey, pixel * 3, pixel * 3 + 3);
      const [isFalse, isMissed] = [fates.false.has(predicted), fates.missed.has(actual)];
      if (isFalse) blend(data, pixel, fateColours.false, tint);
      if (isMissed && (x + y) % hatch.pitch < hatch.width) blend(data, pixel, fateColours.missed, tint);
      if (predictedEdge[pixel] === 1) blend(data, pixel, isFalse ? fateColours.false : fateColours.found, 1);
      if (isMissed && trueEdge[pixel] === 1) blend(data, pixel, fateColours.missed, 1);
    }
  }
  return { height, width, data };
}

/** Outlines two pixels wide, on the inside of each object. */
function lines(labels: LabelMap): Uint8Array {
  const outer = outlinePixels(labels);
  const { width, data } = labels;
  return outer.map((edge, pixel) => {
    if (edge === 1 || data[pixel] === 0) return edge;
    // Not on the outline: all four neighbours are there, and of the same object.
    return outer[pixel - 1] | outer[pixel + 1] | outer[pixel - width] | outer[pixel + width];
  });
}

function luminance(data: Float32Array, pixel: number): number {
  return 0.299 * data[pixel * 3] + 0.587 * data[pixel * 3 + 1] + 0.114 * data[pixel * 3 + 2];
}

function blend(data: Float32Array, pixel: number, colour: readonly [number, number, number], weight: number): void {
  for (let channel = 0; channel < 3; channel++) {
    data[pixel * 3 + channel] += weight * (colour[channel] - data[pixel * 3 + channel]);
  }
}
