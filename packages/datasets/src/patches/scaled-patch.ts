import { type RandomStream, resizeImage, resizeLabels } from '@pffnet/structures';
import type { Sample } from '../sample.ts';
import { randomPatch } from './crop-patch.ts';

/** Between which magnifications a patch is drawn; 1 is the image's own, 2 shows every object twice as large. */
export interface ScaleRange {
  readonly min: number;
  readonly max: number;
}

/**
 * A square at a random place and magnification: a square of size / s pixels is cut out and resized to `size`, with ln s
 * drawn evenly from ln min..ln max. No square is larger than the sample where the sample is at least as large as `size`, so
 * that no more of it is padding than without scaling.
 * @param size - side of the result, in pixels.
 * @returns a sample named as {@link randomPatch} names the square that was cut. Where both bounds are 1 it is that square,
 * and nothing more is drawn from the stream.
 */
export function scaledPatch(sample: Sample, size: number, { min, max }: ScaleRange, stream: RandomStream): Sample {
  if (min === 1 && max === 1) return randomPatch(sample, size, stream);
  const scale = min * (max / min) ** stream.uniform();
  const { height, width } = sample.labels;
  const side = Math.min(Math.max(1, Math.round(size / scale)), Math.max(size, Math.min(height, width)));
  const patch = randomPatch(sample, side, stream);
  const whole = { height: size, width: size };
  return { ...patch, image: resizeImage(patch.image, whole), labels: resizeLabels(patch.labels, whole) };
}
