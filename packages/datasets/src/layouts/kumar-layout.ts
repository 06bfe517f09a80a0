import { extname, join } from 'node:path';
import { DataError, type LabelMap, labelMap } from '@pffnet/structures';
import { type FileKind, listFiles, listImages } from '../files/list-files.ts';
import { polygonRuns } from '../polygons/polygon-runs.ts';
import { readAperioXml } from './aperio-xml.ts';
import { type Layout, pairByName, type Size } from './layout.ts';

const outlineFiles: FileKind = { endings: ['.xml'], what: 'annotation', expected: 'Aperio ImageScope xml files' };
const imageFolder = /^tissue[ _-]?images$/i;
const outlineFolder = /^annotations?$/i;

/**
 * Kumar and MoNuSeg as downloaded: images, and Aperio ImageScope outlines of the same names, in `Tissue Images/` and
 * `Annotations/` or together in one folder. How outlines become label maps is written at {@link readOutlines}.
 */
export const kumarLayout: Layout = {
  format: 'kumar',
  shape: 'Tissue Images/ and Annotations/ (Kumar, MoNuSeg), or images and their xml files in one folder',

  recognises: (_, entries) =>
    entries.some((entry) => imageFolder.test(entry) || extname(entry).toLowerCase() === '.xml'),

  async images(folder, entries) {
    const images = entries.find((entry) => imageFolder.test(entry));
    const outlines = entries.find((entry) => outlineFolder.test(entry));
    if (images !== undefined && outlines === undefined) {
      throw new DataError(`${folder} has ${images} but no Annotations; expected the outlines there; add them`);
    }
    const [imagesAt, outlinesAt] = [
      join(folder, images ?? ''),
      join(folder, images === undefined ? '' : (outlines ?? '')),
    ];
    return pairByName(
      { folder: imagesAt, files: await listImages(imagesAt) },
      { folder: outlinesAt, files: await listFiles(outlinesAt, outlineFiles), what: 'annotation' },
    ).map((pair) => ({ ...pair, readLabels: (size) => readOutlines(pair.labels, size) }));
  },
};

/**
 * Turns the outlines of an annotation into a label map; the id of an object is the number of its region in the file.
 *
 * - A pixel belongs to a region if its centre lies inside, coordinates being continuous (see `polygonRuns`). The masks
 *   that Kumar et al. made from these files with MATLAB's `poly2mask` take pixel centres for whole numbers, counted from
 *   1, and therefore lie half a pixel further up and left.
 * - Outlines are closed by a straight line; inside is what they go round, so that an outline that overran its start, or
 *   crossed itself, has no hole.
 * - Where regions overlap, the first one keeps the pixel, as in Kumar's script.
 * - What lies outside the image is cut off. A region with no point in the image is refused: the annotation belongs to
 *   another image, or to another scale of it.
 * - Regions with fewer than three vertices (stray clicks) have no area and are passed over, their number with them.
 * - Negative regions (`NegativeROA="1"`) are no objects; what they enclose becomes background.
 * @throws DataError if the annotation cannot be read or does not lie on an image of this size.
 */
export async function readOutlines(path: string, size: Size): Promise<LabelMap> {
  const regions = await readAperioXml(path);
  const labels = labelMap(size.height, size.width);
  const { data } = labels;
  regions.forEach(({ outline, negative }, index) => {
    if (negative || outline.length < 6) return;
    if (isOutside(outline, size)) {
      throw new DataError(
        `${path}: region ${index + 1}, which begins at x ${outline[0]}, y ${outline[1]}, lies outside its image of ${size.height} rows and ${size.width} columns; expected outlines in pixels of that image; take the image that was annotated`,
      );
    }
    polygonRuns([outline], size, 'nonzero', (y, from, to) => {
      for (let at = y * size.width + from; at < y * size.width + to; at++) if (data[at] === 0) data[at] = index + 1;
    });
  });
  for (const { outline, negative } of regions) {
    if (!negative) continue;
    polygonRuns([outline], size, 'nonzero', (y, from, to) => data.fill(0, y * size.width + from, y * size.width + to));
  }
  return labels;
}

/** Whether the box around an outline and the image have no point in common. */
function isOutside(outline: readonly number[], { height, width }: Size): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < outline.length; at += 2) {
    left = Math.min(left, outline[at]);
    right = Math.max(right, outline[at]);
    top = Math.min(top, outline[at + 1]);
    bottom = Math.max(bottom, outline[at + 1]);
  }
  return right < 0 || left > width || bottom < 0 || top > height;
}
