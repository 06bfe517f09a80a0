import { join } from 'node:path';
import { DataError, labelComponents, type LabelMap } from '@pffnet/structures';
import { decodeStored } from '../files/decode-pixels.ts';
import { listImages, readFolder } from '../files/list-files.ts';
import { type Layout, pairByName, withLabelFile } from './layout.ts';

/**
 * BBBC039v1 as downloaded: 16-bit `images/*.tif` and coloured `masks/*.png` of the same names. Each archive may have
 * been unpacked into a folder of its own (`images/images/`). The lists in `metadata/` are its split.
 */
export const bbbc039Layout: Layout = {
  format: 'bbbc039',
  shape: 'images/ and masks/ (BBBC039v1)',

  recognises: (_, entries) => entries.includes('images') && entries.includes('masks'),

  async images(folder) {
    const [images, masks] = [await unpackedFolder(folder, 'images'), await unpackedFolder(folder, 'masks')];
    return pairByName(
      { folder: images, files: await listImages(images) },
      { folder: masks, files: await listImages(masks), what: 'mask' },
    ).map((pair) => withLabelFile(pair, readColouredMask));
  },

  split: async (folder, entries) => (entries.includes(lists) ? unpackedFolder(folder, lists) : undefined),
};

/** Holds `training.txt`, `validation.txt` and `test.txt`. */
const lists = 'metadata';

/** A folder, or the folder of the same name within it. */
export async function unpackedFolder(folder: string, name: string): Promise<string> {
  const outer = join(folder, name);
  return (await readFolder(outer)).includes(name) ? join(outer, name) : outer;
}

/**
 * Objects that are told apart by colour: each connected region of one value in the first channel is an object, pixels
 * that meet at a corner being connected. Colours come again for objects that do not touch, so they are no ids.
 * @remarks Source: the decoder that the set's author published with it (`label(mask[:, :, 0])` of scikit-image, whose
 * regions have equal values and 8 neighbours).
 */
async function readColouredMask(path: string): Promise<LabelMap> {
  const { height, width, channels, data, lossy } = await decodeStored(path);
  if (lossy !== undefined) {
    throw new DataError(
      `${path} is compressed with ${lossy}, with loss, which changes colours; expected a PNG mask; take the one of the download`,
    );
  }
  const first = channels === 1 ? data : data.filter((_: number, index: number) => index % channels === 0);
  return labelComponents({ height, width, data: first }, 8);
}
