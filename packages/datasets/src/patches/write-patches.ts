import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type RandomStream, randomStream } from '@pffnet/tensor-ops/structures';
import { stringify } from 'csv-stringify/sync';
import { writeAtomically } from '../files/write-atomically.ts';
import { writeImage } from '../files/write-image.ts';
import { writeLabelMap } from '../files/write-label-map.ts';
import type { Dataset, Sample } from '../sample.ts';
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

/**
 * Cuts patches from every image and writes them as a data set of their own: `images/`, `labels/`, and `patches.csv`,
 * which says per patch its image, by which patches can be split, and its first row and column. The patches of an image
 * depend on the seed and its name alone. One image is in memory at a time.
 * @param folder - need not exist; files of the same names are replaced.
 * @returns the number of patches written.
 * @throws DataError if an image cannot be read or the folder cannot be written, WriteError if the disk is full.
 * @remarks Source: Section IV-A and the generalisation study (counts and size). Training draws other patches of every
 * image at each pass (`training.patch` of the config) and needs none of these.
 */
export async function writePatches(
  { names, load }: Dataset,
  folder: string,
  { seed, ...count }: PatchCount & { readonly seed: number },
): Promise<number> {
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'), { recursive: true });
  const written: string[][] = [['name', 'image', 'y', 'x']];
  for (const name of names) {
    for (const patch of patchesOf(await load(name), count, randomStream(seed, `patches/${name}`))) {
      await writeImage(join(folder, 'images', `${patch.name}.png`), patch.image);
      await writeLabelMap(join(folder, 'labels', `${patch.name}.png`), patch.labels);
      const [y, x] = patch.name.slice(name.length + '_y'.length).split('_x');
      written.push([patch.name, name, y, x]);
    }
  }
  await writeAtomically(join(folder, 'patches.csv'), Buffer.from(stringify(written)));
  return written.length - 1;
}
