import { join } from 'node:path';
import { DataError, type LabelMap } from '@pffnet/structures';
import { decodeStored } from '../files/decode-pixels.ts';
import type { Noted } from '../files/notes.ts';
import type { StoredNumbers } from '../files/pixels.ts';
import { labelMapOf } from '../files/read-label-map.ts';
import { type Layout, pairByName, withLabelFile } from './layout.ts';

const imagePattern = /^(.+)_rgb\.png$/i;
const labelPattern = /^(.+)_label\.png$/i;

/**
 * CVPPP as downloaded, one folder such as `A1/`: `plant001_rgb.png` and `plant001_label.png` …; the foreground masks,
 * centres and tables beside them are ignored.
 */
export const cvpppLayout: Layout = {
  format: 'cvppp',
  shape: 'plantNNN_rgb.png and plantNNN_label.png (CVPPP)',

  recognises: (_, entries) => entries.some((entry) => imagePattern.test(entry)),

  images(folder, entries) {
    const matching = (pattern: RegExp) =>
      entries.flatMap((entry) => {
        const name = pattern.exec(entry)?.[1];
        return name === undefined || entry.startsWith('.')
          ? []
          : [{ name: name.normalize('NFC'), path: join(folder, entry) }];
      });
    const pairs = pairByName({ folder, files: matching(imagePattern) }, { folder, files: matching(labelPattern) });
    return Promise.resolve(pairs.map((pair) => withLabelFile(pair, readLeaves)));
  },
};

/**
 * Leaves, in whichever way the file tells them apart: indices into its colour table are ids, grey values are ids, and
 * in a colour picture each colour but black is one leaf, numbered in reading order.
 */
async function readLeaves(path: string): Promise<LabelMap & Noted> {
  const stored = await decodeStored(path);
  const inColours = stored.channels === 3 && stored.lossy === undefined;
  return inColours ? objectsByColour(stored, path) : labelMapOf(stored, path);
}

/** As many colours as no set of leaves has: a photograph in place of a label map. */
const colourLimit = 65_535;

function objectsByColour({ height, width, data: colours }: StoredNumbers, path: string): LabelMap {
  const idOf = new Map<number, number>([[0, 0]]);
  const data = new Uint32Array(height * width);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += 3) {
    const colour = (colours[at] * 0x10000 + colours[at + 1]) * 0x10000 + colours[at + 2];
    let id = idOf.get(colour);
    if (id === undefined) {
      if (idOf.size > colourLimit) {
        throw new DataError(
          `${path} has more than ${colourLimit} colours; expected one colour per object on black; take the label map of this image`,
        );
      }
      idOf.set(colour, (id = idOf.size));
    }
    data[pixel] = id;
  }
  return { height, width, data };
}
