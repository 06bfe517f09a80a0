import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, type Size } from '@pffnet/structures';
import { parse } from 'csv-parse';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import { LabelDrawing } from '../annotations/label-drawing.ts';
import { decodeStored } from '../files/decode-pixels.ts';
import { listImages, namedFiles, readFolder } from '../files/list-files.ts';
import { pairingName } from '../files/pairing-name.ts';
import { readFailure } from '../files/read-failure.ts';
import type { LabelledImage, Layout } from './layout.ts';

const csvFiles = { endings: ['.csv'], what: 'table', expected: 'a csv file with ImageId and EncodedPixels' };

/**
 * 2018 Data Science Bowl as downloaded, such as `stage1_train/`: one folder per image with `images/` (one file) and
 * `masks/` (one black-and-white file per nucleus). Where `masks/` is missing, as in `stage1_test/`, the nuclei come from
 * a table beside the folders (`ImageId`, `EncodedPixels`: run lengths). Where nuclei overlap, the first keeps the pixel:
 * by file name, or by line. Nuclei that leave no pixel stand in the account; a line without runs names no nucleus.
 * @remarks Source: Caicedo et al. 2019. Run lengths are pairs of a start and a length, counted from 1, columns first.
 */
export const dsb2018Layout: Layout = {
  format: 'dsb2018',
  shape: 'one folder per image with images/ and masks/ (Data Science Bowl 2018)',

  async recognises(folder, entries) {
    for (const entry of entries) {
      if (entry.startsWith('.') || !(await isFolder(join(folder, entry, 'images')))) continue;
      // With labels/ beside images/, the entry is itself a plain data set, not one image.
      return !(await isFolder(join(folder, entry, 'labels')));
    }
    return false;
  },

  async images(folder, entries) {
    const found: LabelledImage[] = [];
    let runs: ReadonlyMap<string, readonly string[]> | undefined;
    for (const entry of entries) {
      const name = entry.normalize('NFC');
      const images = join(folder, entry, 'images');
      if (name.startsWith('.') || !(await isFolder(images))) continue;
      const [{ path: image }, ...others] = await listImages(images);
      if (others.length > 0) {
        throw new DataError(`${images} holds ${others.length + 1} images; expected one; move the others away`);
      }
      const masks = join(folder, entry, 'masks');
      if (await isFolder(masks)) {
        found.push({ name, image, labels: masks, readLabels: (size) => labelsOfMasks(masks, size) });
        continue;
      }
      runs ??= await runsInTables(folder, entries);
      const own = runs.get(name);
      if (own === undefined) {
        throw new DataError(
          `${join(folder, entry)} has no masks/, and no table in ${folder} has its run lengths; expected one of them; add it`,
        );
      }
      const labels = `${folder}: the run lengths of ${name}`;
      found.push({ name, image, labels, readLabels: (size) => Promise.resolve(labelsOfRuns(own, size, labels)) });
    }
    return found;
  },
};

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function labelsOfMasks(folder: string, size: Size): Promise<AnnotatedLabels> {
  const drawing = new LabelDrawing(size, 'first');
  const masks = (await readFolder(folder)).length === 0 ? [] : await listImages(folder);
  for (const { path } of masks) {
    const { height, width, channels, data } = await decodeStored(path);
    if (height !== size.height || width !== size.width) {
      throw new DataError(
        `${path} has ${height} rows and ${width} columns, its image ${size.height} and ${size.width}; expected the same size; export it again`,
      );
    }
    drawing.begin('empty');
    for (let from = 0; from < height * width; from++) {
      if (data[from * channels] === 0) continue;
      let to = from + 1;
      while (to < height * width && data[to * channels] !== 0) to++;
      drawing.run(from, to - from, 1);
      from = to;
    }
  }
  return drawing.finish((index) => `mask ${masks[index].name}`, folder);
}

/** Run lengths by image, from every table of the folder that has them. */
async function runsInTables(folder: string, entries: readonly string[]): Promise<Map<string, string[]>> {
  const runs = new Map<string, string[]>();
  for (const { path } of namedFiles(folder, entries, csvFiles)) {
    try {
      const lines = createReadStream(path).pipe(parse({ columns: true, bom: true }));
      for await (const { ImageId: image, EncodedPixels: pixels } of lines as AsyncIterable<Record<string, string>>) {
        if (image === undefined || pixels === undefined) break;
        const name = pairingName(image);
        const own = runs.get(name);
        if (own === undefined) runs.set(name, [pixels]);
        else own.push(pixels);
      }
    } catch (error) {
      throw readFailure(path, error, 'expected a table with ImageId and EncodedPixels');
    }
  }
  return runs;
}

function labelsOfRuns(nuclei: readonly string[], { height, width }: Size, where: string): AnnotatedLabels {
  const drawing = new LabelDrawing({ height, width }, 'first');
  nuclei.forEach((text, index) => {
    if (text.trim() === '') {
      drawing.skip();
      return;
    }
    drawing.begin('empty');
    const numbers = text.trim().split(/\s+/).map(Number);
    for (let at = 0; at < numbers.length; at += 2) {
      const [start, length] = [numbers[at] - 1, numbers[at + 1]];
      if (!(
        Number.isInteger(start) &&
        Number.isInteger(length) &&
        start >= 0 &&
        length >= 0 &&
        start + length <= height * width
      )) {
        throw new DataError(
          `${where}, nucleus ${index + 1}, has the run ${numbers[at]} ${numbers[at + 1] ?? ''}, outside of ${height} x ${width} pixels; expected pairs of start and length; get the table again`,
        );
      }
      drawing.columnRun(start, length);
    }
  });
  return drawing.finish((index) => `nucleus ${index + 1}`, where);
}
