import { join } from 'node:path';
import { DataError, labelComponents, type LabelMap } from '@pffnet/structures';
import { decodeStored } from '../files/decode-pixels.ts';
import { listImages } from '../files/list-files.ts';
import { type FilePair, type Layout, pairByName, withLabelFile } from './layout.ts';

const slidePattern = /^Slide_(.+)$/;

/**
 * TNBC as downloaded: `Slide_01/` … with the images of one patient each, `GT_01/` … with black-and-white masks of the
 * same names. Each connected region of a mask is one object; pixels that meet at a corner are connected.
 * @remarks Source: Naylor et al. 2019. The masks leave a gap between touching nuclei; with corners the 50 images have
 * 4,028 objects, without them 4,056, the difference being specks.
 */
export const tnbcLayout: Layout = {
  format: 'tnbc',
  shape: 'Slide_XX/ and GT_XX/ (TNBC as downloaded)',

  recognises: (_, entries) => entries.some((entry) => slidePattern.test(entry)),

  async images(folder, entries) {
    const pairs: FilePair[] = [];
    for (const entry of entries) {
      const patient = slidePattern.exec(entry)?.[1];
      if (patient === undefined) continue;
      const masks = `GT_${patient}`;
      if (!entries.includes(masks)) {
        throw new DataError(`${folder} has ${entry} but no ${masks}; expected the masks of its images there; add them`);
      }
      const [slideFolder, maskFolder] = [join(folder, entry), join(folder, masks)];
      pairs.push(
        ...pairByName(
          { folder: slideFolder, files: await listImages(slideFolder) },
          { folder: maskFolder, files: await listImages(maskFolder) },
        ),
      );
    }
    return pairs.map((pair) => withLabelFile(pair, readObjects));
  },
};

async function readObjects(path: string): Promise<LabelMap> {
  const { height, width, channels, data } = await decodeStored(path);
  const mask = new Uint8Array(height * width);
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) mask[Math.floor(at / channels)] = 1;
  return labelComponents({ height, width, data: mask }, 8);
}
