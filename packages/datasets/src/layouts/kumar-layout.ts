import { extname, join } from 'node:path';
import { DataError, type Size } from '@pffnet/structures';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import { LabelDrawing } from '../annotations/label-drawing.ts';
import { liesOutside } from '../annotations/lies-outside.ts';
import { type FileKind, listFiles, listImages } from '../files/list-files.ts';
import { polygonRuns } from '../polygons/polygon-runs.ts';
import { readAperioXml } from './aperio-xml.ts';
import { type Layout, pairByName } from './layout.ts';

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
 * - What lies outside the image is cut off. An annotation whose regions all lie outside is refused: it belongs to another
 *   image, or to another scale of it.
 * - Regions with fewer than three vertices (stray clicks) have no area and are ignored; their number is not given to another region.
 * - Negative regions (`NegativeROA` 1 or true) are no objects; what they enclose becomes background, and they take a
 *   number like any other region.
 * - Regions that leave no pixel stand in the account.
 * @throws DataError if the annotation cannot be read or does not lie on an image of this size.
 */
export async function readOutlines(path: string, size: Size): Promise<AnnotatedLabels> {
  const regions = await readAperioXml(path);
  const drawing = new LabelDrawing(size, 'first');
  for (const { outline, negative } of regions) {
    if (negative) {
      drawing.skip();
      continue;
    }
    const stray = outline.length < 6;
    drawing.begin(stray ? 'stray' : liesOutside([outline], size) ? 'outside' : 'thin');
    if (stray) continue;
    polygonRuns([outline], size, 'nonzero', (y, from, to) => drawing.run(y * size.width + from, to - from, 1));
  }
  for (const { outline, negative } of regions) {
    if (!negative) continue;
    polygonRuns([outline], size, 'nonzero', (y, from, to) => drawing.erase(y * size.width + from, to - from));
  }
  return drawing.finish((index) => `region ${index + 1}`, path);
}
