import { readFile } from 'node:fs/promises';
import { extname, relative } from 'node:path';
import { randomStream } from '@pffnet/structures';
import { encodePng } from '../files/encode-image.ts';
import { decodePixels } from '../files/decode-pixels.ts';
import { noted, orientationNotes } from '../files/notes.ts';
import { readImage, type ReadImageOptions } from '../files/read-image.ts';
import { checkSizes, type LabelledImage } from '../layouts/layout.ts';
import { type PatchCount, patchesOf } from '../patches/patches-of.ts';
import type { Sample } from '../sample.ts';
import type { Split } from '../splits/read-split.ts';
import type { PlainEntry } from './write-plain-dataset.ts';

/** Images of a folder, and their parts of a split. */
export interface PlainSource {
  readonly folder: string;
  readonly images: readonly LabelledImage[];
  readonly split?: Split | undefined;
}

/** Gives each image as the file it is, byte for byte, with its label map. */
export async function* wholeEntries(
  { folder, images, split }: PlainSource,
  { channel }: Pick<ReadImageOptions, 'channel'> = {},
): AsyncGenerator<PlainEntry> {
  for (const labelled of images) {
    const pixels = await decodePixels(labelled.image, channel); // refuses damaged files
    const { labels } = await labelled.readLabels({ height: pixels.height, width: pixels.width });
    checkSizes(labelled, pixels, labels);
    yield {
      name: labelled.name,
      origin: relative(folder, labelled.image),
      ending: extname(labelled.image).toLowerCase(),
      bytes: await readFile(labelled.image),
      labels,
      part: split?.get(labelled.name),
      ...noted(orientationNotes(labelled.image, pixels.orientation), labels.notes),
    };
  }
}

/** How patches are cut, and the start of the random streams that place them. */
export type PatchRequest = PatchCount & { readonly seed: number };

/**
 * Cuts squares at random places out of every image, as 8-bit PNG, named `name_y<y>_x<x>` after their first pixel. Those
 * of an image depend on the seed and its name alone.
 */
export async function* patchEntries(
  { folder, images, split }: PlainSource,
  { seed, ...count }: PatchRequest,
  options: ReadImageOptions,
): AsyncGenerator<PlainEntry> {
  for (const labelled of images) {
    const image = await readImage(labelled.image, options);
    const { labels } = await labelled.readLabels({ height: image.height, width: image.width });
    checkSizes(labelled, image, labels);
    let notes = noted(image.notes, labels.notes);
    const sample: Sample = { name: labelled.name, image, labels };
    const stream = randomStream(seed, `patches/${labelled.name}`);
    for (const patch of patchesOf(sample, count, stream)) {
      yield {
        name: patch.name,
        origin: relative(folder, labelled.image),
        ending: '.png',
        bytes: await encodePng(patch.image),
        labels: patch.labels,
        part: split?.get(labelled.name),
        ...notes,
      };
      notes = {}; // once for all patches of an image
    }
  }
}
