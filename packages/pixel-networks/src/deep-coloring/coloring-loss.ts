import type { LossTerms } from '@pffnet/network';
import {
  add,
  exp,
  mul,
  neg,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  tensor2d,
  tidy,
  log,
} from '@tensorflow/tfjs-core';
import type { ObjectRegion } from './object-regions.ts';

/** What each pixel's colours count in the loss, whose values depend on the colours that were chosen for the objects. */
export interface ColourWeights {
  /** [pixels * channels] of ln p: 1 / pixels of the background at channel 0. */
  readonly background: Float32Array;
  /** [pixels * channels] of ln p: 1 / pixels of the object, at its colour. */
  readonly inside: Float32Array;
  /** [pixels * channels] of ln(1 - p): `haloWeight` / pixels of the halo, at the object's colour. */
  readonly halo: Float32Array;
}

/** Keeps ln(1 - p) finite where a probability is 1 in float32. */
const FLOOR = 1e-6;

/**
 * Chooses the colour of each object: the one that it has already, as far as its surroundings have not,
 * argmax_c (mean over the object of ln p_c + `haloWeight` * mean over its halo of ln(1 - p_c)).
 * @param probabilities - [pixels * channels], background first.
 * @param channels - colours and background.
 * @returns a channel from 1 per object; the first of equals.
 * @remarks Source: sources.md row 46.
 */
export function chooseColours(
  probabilities: Float32Array,
  channels: number,
  regions: readonly ObjectRegion[],
  haloWeight: number,
): number[] {
  return regions.map(({ inside, halo }) => {
    let [best, most] = [1, -Infinity];
    for (let colour = 1; colour < channels; colour++) {
      const own = meanOf(inside, (pixel) => Math.log(probabilities[pixel * channels + colour] + FLOOR));
      const others = meanOf(halo, (pixel) => Math.log(1 + FLOOR - probabilities[pixel * channels + colour]));
      const score = own + haloWeight * others;
      if (score > most) [best, most] = [colour, score];
    }
    return best;
  });
}

const meanOf = (pixels: Uint32Array, valueOf: (pixel: number) => number): number =>
  pixels.length === 0 ? 0 : pixels.reduce((total, pixel) => total + valueOf(pixel), 0) / pixels.length;

/**
 * What each pixel's colours count, given the colours of the objects. Objects count alike, whatever their size.
 * @param pixels - of the image.
 */
export function colourWeights(
  pixels: number,
  channels: number,
  regions: readonly ObjectRegion[],
  chosen: readonly number[],
  haloWeight: number,
): ColourWeights {
  const [background, inside, halo] = Array.from({ length: 3 }, () => new Float32Array(pixels * channels));
  const covered = regions.reduce((total, region) => total + region.inside.length, 0);
  for (let pixel = 0; pixel < pixels; pixel++) background[pixel * channels] = 1 / Math.max(1, pixels - covered);
  regions.forEach((region, index) => {
    const colour = chosen[index];
    for (const pixel of region.inside) {
      background[pixel * channels] = 0;
      inside[pixel * channels + colour] += 1 / (region.inside.length * regions.length);
    }
    for (const pixel of region.halo) {
      halo[pixel * channels + colour] += haloWeight / (region.halo.length * regions.length);
    }
  });
  return { background, inside, halo };
}

/**
 * The loss, given what each colour counts: `background`, -sum w ln p of the background, and `colouring`,
 * -sum (w ln p + v ln(1 - p)) of the objects and their halos.
 * @param logProbabilities - [1, h, w, channels], or any shape that holds as many.
 */
export function coloringLoss(logProbabilities: Tensor, { background, inside, halo }: ColourWeights): LossTerms {
  // Rows of this length first: one long float32 sum over a large image would lose digits.
  const columns = logProbabilities.shape.at(-1) ?? 1;
  const shape: [number, number] = [logProbabilities.size / columns, columns];
  const weigh = (values: Tensor, weights: Float32Array): Scalar =>
    neg(sum(sum(mul(values, tensor2d(weights, shape)), 0))) as Scalar;
  return tidy(() => {
    const logs = reshape(logProbabilities, shape);
    const others = log(sub(1 + FLOOR, exp(logs)));
    return { background: weigh(logs, background), colouring: add(weigh(logs, inside), weigh(others, halo)) as Scalar };
  });
}
