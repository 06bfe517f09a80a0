import { FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND, type NativeEngine } from '../native/native-engine.ts';

/** [image][pixel][channel] in the heap. */
export interface Pixels {
  readonly source: number;
  readonly images: number;
  readonly pixels: number;
  readonly channels: number;
}

/** Pixels are added up in float32 in blocks of about so many numbers, and the blocks in double precision. */
const BLOCK_NUMBERS = 32 * 1024;
const MOST_BLOCK_PIXELS = 512;

/** How pixels are cut into blocks, one task each. */
export function blocksOf({ pixels, channels }: Pixels): { readonly blockPixels: number; readonly blocks: number } {
  const blockPixels = Math.max(1, Math.min(pixels, MOST_BLOCK_PIXELS, Math.ceil(BLOCK_NUMBERS / channels)));
  return { blockPixels, blocks: Math.ceil(pixels / blockPixels) };
}

/** Rough time to read or write all of it once. */
export const microsecondsFor = ({ images, pixels, channels }: Pixels): number =>
  (images * pixels * channels * FLOAT) / BYTES_PER_MICROSECOND;

/** What to add up over the pixels, per channel. */
export type ColumnSum =
  | { readonly kind: 'columnSums' }
  | { readonly kind: 'centredSquareSums'; readonly centre: number }
  /** Two sums: of the source, and of its product with another. */
  | { readonly kind: 'productSums'; readonly other: number };

/**
 * Sums over pixels, in double precision from block to block.
 * @returns [sum][image][channel].
 */
export function sumColumns(native: NativeEngine, pixels: Pixels, sum: ColumnSum): Float64Array[] {
  const { source, images, channels } = pixels;
  const { blockPixels, blocks } = blocksOf(pixels);
  const sumCount = sum.kind === 'productSums' ? 2 : 1;
  const tasks = images * blocks;
  const results = Array.from({ length: sumCount }, () => new Float64Array(images * channels));
  native.withScratch(tasks * sumCount * channels * FLOAT, (target) => {
    native.share(
      sum.kind,
      { tasks, microseconds: microsecondsFor(pixels) * sumCount },
      {
        ...{ source, target, pixels: pixels.pixels, channels, blockPixels, blocks },
        other: sum.kind === 'productSums' ? sum.other : source,
        centre: sum.kind === 'centredSquareSums' ? sum.centre : source,
      },
    );
    const partial = native.floats(target, tasks * sumCount * channels);
    for (let task = 0, from = 0; task < tasks; task++) {
      const to = Math.floor(task / blocks) * channels;
      for (const result of results) {
        for (let channel = 0; channel < channels; channel++) result[to + channel] += partial[from++];
      }
    }
  });
  return results;
}
