import type { RandomStream } from '@pffnet/structures';
import type { Sample } from '../sample.ts';
import { randomPatch } from './crop-patch.ts';

/** How patches are cut from each image. */
export interface PatchCount {
  /** Side of the square, in pixels; the paper takes 256. */
  readonly size: number;
  /** Per image; the paper takes 20 from Kumar's, 5 from TNBC's, 10 from BBBC039's and CPM17's. */
  readonly perImage: number;
}

/**
 * Squares at random places, no two at the same one, every place equally likely; they may overlap, and may lie beside
 * all objects.
 * @returns `perImage` patches in the order drawn, or one of each place where there are fewer.
 * @remarks Source: Section IV-A and the generalisation study (counts and size). Training draws other patches of every
 * image at each pass (`training.patch` of the config) and needs none of these.
 */
export function patchesOf(sample: Sample, { size, perImage }: PatchCount, stream: RandomStream): Sample[] {
  const { height, width } = sample.labels;
  const places = (Math.max(0, height - size) + 1) * (Math.max(0, width - size) + 1);
  const patches = new Map<string, Sample>();
  while (patches.size < Math.min(perImage, places)) {
    const patch = randomPatch(sample, size, stream);
    patches.set(patch.name, patch);
  }
  return [...patches.values()];
}
