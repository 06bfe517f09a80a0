import { ConfigError, type RandomStream, randomStream, type RgbImage } from '@pffnet/structures';
import { gaussianBlur } from '../augmentation/gaussian-blur.ts';
import { gaussianNoise } from '../augmentation/gaussian-noise.ts';
import type { Sample } from '../sample.ts';
import { placeCells, type PlacementSpec } from './place-cells.ts';
import { paintCells, paintTissue, type Stains } from './paint-tissue.ts';

// Jest looks globals up slowly, and this happens per pixel.
const { exp } = Math;

/** What synthetic tissue looks like; everything but the size and the number of cells has a default. */
export interface SyntheticLook {
  /** Height and width, pixels. */
  readonly size: number;
  /** Fewest and most cells. */
  readonly count: readonly [fewest: number, most: number];
  /** Least and greatest radius of a cell, pixels; 6 and 12 by default. */
  readonly radius?: readonly [least: number, greatest: number];
  /** Share of the cells that are put against another one, touching or overlapping it; 0.5 by default. */
  readonly touching?: number;
  /** Pixels of every cell that stay visible, at the image's edge too; 30 by default. */
  readonly minArea?: number;
  /** Standard deviation of the camera's noise, grey values; 5 by default. */
  readonly noise?: number;
}

/** The look, the sample's name (`synthetic` by default), and a seed or a stream that is already open. */
export type SyntheticCellsOptions = SyntheticLook & { readonly name?: string } & (
    { readonly seed: number } | { readonly stream: RandomStream }
  );

/**
 * Draws tissue as if stained with haematoxylin and eosin: purple nuclei that touch and overlap on pink fibres, with
 * uneven stain, chromatin texture, blurred nuclei and debris that are no objects, and noise.
 * @returns a sample with whole values 0..255 and ids 1..n without gaps; a later cell lies over the earlier ones, and each
 * is one piece.
 * @throws ConfigError if the options contradict each other or so many cells do not fit.
 */
export function syntheticCells(options: SyntheticCellsOptions): Sample {
  const { size, name = 'synthetic', noise = 5 } = options;
  const stream = 'stream' in options ? options.stream : randomStream(options.seed, `synthetic/${name}`);
  const placement = checkedPlacement(options);
  const { outlines, labels } = placeCells(placement, stream);
  const stains = paintTissue(size, placement.radius, stream);
  paintCells(stains, outlines, size, stream);
  const sharp = developed(stains, size, stream);
  const noisy = gaussianNoise(gaussianBlur(sharp, 0.6), noise, stream);
  return { name, image: { ...noisy, data: noisy.data.map(Math.round) }, labels };
}

function checkedPlacement({
  size,
  count,
  radius = [6, 12],
  touching = 0.5,
  minArea = 30,
}: SyntheticLook): PlacementSpec {
  const whole = [size, ...count].every(Number.isInteger);
  if (!whole || size < 1 || count[0] < 0 || count[1] < count[0] || !(radius[0] > 0 && radius[1] >= radius[0])) {
    throw new ConfigError(
      `syntheticCells: expected a whole size >= 1, whole counts 0 <= fewest <= most and radii 0 < least <= greatest, got size ${size}, count ${count.join(' to ')}, radius ${radius.join(' to ')}`,
    );
  }
  return { size, count, radius, touching, minArea };
}

/**
 * Light through the stains: intensity = 255 exp(-sum of amount x absorption), per colour.
 * @remarks Source: Beer-Lambert as in Ruifrok and Johnston 2001; the absorptions are near theirs, eosin made paler to
 * resemble 40x scans, and both vary from image to image as they do between laboratories.
 */
function developed({ haematoxylin, eosin }: Stains, size: number, stream: RandomStream): RgbImage {
  const varied = (absorption: readonly number[]): number[] =>
    absorption.map((value) => value * (1 + 0.12 * (2 * stream.uniform() - 1)));
  const purple = varied([0.76, 0.74, 0.28]);
  const pink = varied([0.22, 0.82, 0.38]);
  const data = new Float32Array(size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const absorbed = haematoxylin[pixel] * purple[colour] + eosin[pixel] * pink[colour];
      data[pixel * 3 + colour] = 247 * exp(-absorbed);
    }
  }
  return { height: size, width: size, data };
}
