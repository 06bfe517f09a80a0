import { DataError, type LabelMap, type Polygon, type Size } from '@pffnet/structures';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import { LabelDrawing } from '../annotations/label-drawing.ts';
import { liesOutside } from '../annotations/lies-outside.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { asRecord } from './as-record.ts';
import { inBlocks } from './in-blocks.ts';
import { jsonItems } from './json-items.ts';
import { cocoPolygonRuns } from './coco-polygon-runs.ts';
import { areaOfRuns, boxOfRuns, checkedRuns, drawRuns, packRuns, type RunLengths, unpackRuns } from './run-lengths.ts';
import { runLengthsOfLabels } from './run-lengths-of-labels.ts';

const expected = 'expected COCO JSON with images and annotations';
const expectation = `${expected}; export it again`;

/** An image of a COCO file with its objects. */
export interface CocoImage {
  /** As the file gives it, perhaps with folders. */
  readonly fileName: string;
  readonly height: number;
  readonly width: number;
  readonly objects: readonly CocoObject[];
}

/** An object of a COCO file. */
export interface CocoObject {
  /** Its id in the file. */
  readonly id: number;
  /** The name of its category. */
  readonly category: string | undefined;
  /** Marked as a region of many objects: it is named, but not drawn. */
  readonly crowd: boolean;
  /** Flat polygons x, y, x, y, …, or run lengths, as text or as numbers, of a mask of `size` (rows, columns). */
  readonly segmentation:
    | readonly (readonly number[])[]
    | { readonly counts: string | readonly number[]; readonly size?: readonly [height: number, width: number] };
}

/**
 * Reads the images and objects of a COCO file (instances). Crowds (`iscrowd` 1 or true) are regions, not
 * objects; they are marked. Outlines and run lengths stay as they are in the file until `labelsOfCoco` draws them.
 * @returns images in the order of the file.
 * @throws DataError if the file is missing, no COCO JSON, cut off, has two images of one id, or an annotation without a
 * known image or without segmentation.
 */
export async function readCoco(path: string): Promise<CocoImage[]> {
  const images = new Map<number, CocoImage & { objects: CocoObject[] }>();
  const categories = new Map<number, string>();
  const annotations: { imageId: number; categoryId: unknown; object: CocoObject }[] = [];
  // The three lists may come in any order.
  for await (const { list, index, value } of jsonItems(path, ['images', 'annotations', 'categories'], expected)) {
    const where = `${path}: ${list} ${index + 1}`;
    const entry = asRecord(value);
    const id = entry?.['id'];
    if (entry === undefined || typeof id !== 'number') throw new DataError(`${where} has no id; ${expectation}`);
    if (list === 'categories') {
      if (typeof entry['name'] === 'string') categories.set(id, entry['name']);
    } else if (list === 'images') {
      if (images.has(id)) throw new DataError(`${where} has the id ${id} of another image; ${expectation}`);
      images.set(id, { ...imageOf(entry, where), objects: [] });
    } else {
      const { image_id: imageId, category_id: categoryId } = entry;
      if (typeof imageId !== 'number') throw new DataError(`${where} has no image_id; ${expectation}`);
      const crowd = isSet(entry['iscrowd']);
      const segmentation = crowd ? [] : segmentationOf(entry['segmentation'], where);
      annotations.push({ imageId, categoryId, object: { id, category: undefined, crowd, segmentation } });
    }
  }
  refuseBoxes(
    annotations.map(({ object }) => object),
    path,
  );
  for (const { imageId, categoryId, object } of annotations) {
    const image = images.get(imageId);
    if (image === undefined) {
      throw new DataError(
        `${path}: annotation ${object.id} has the image_id ${imageId}, which no image has; ${expectation}`,
      );
    }
    const category = typeof categoryId === 'number' ? categories.get(categoryId) : undefined;
    image.objects.push({ ...object, category });
  }
  return [...images.values()];
}

/** Boxes without outlines are a file for detection, not one slip among outlines. */
function refuseBoxes(objects: readonly CocoObject[], path: string): void {
  const named = objects.filter(({ crowd }) => !crowd);
  if (named.length === 0 || named.some(({ segmentation }) => 'counts' in segmentation || segmentation.length > 0))
    return;
  throw new DataError(`${path}: no annotation has polygons or run lengths as segmentation; ${expectation}`);
}

function imageOf(entry: Record<string, unknown>, where: string): Omit<CocoImage, 'objects'> {
  const { file_name: fileName, height, width } = entry;
  const isSide = (side: unknown): side is number =>
    Number.isInteger(side) && Number(side) > 0 && Number(side) < 2 ** 20;
  if (typeof fileName !== 'string' || !isSide(height) || !isSide(width)) {
    throw new DataError(`${where} has not file_name, height and width; ${expectation}`);
  }
  return { fileName, height, width };
}

function segmentationOf(value: unknown, where: string): CocoObject['segmentation'] {
  const isNumbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((number) => typeof number === 'number');
  if (Array.isArray(value) && value.every(isNumbers)) return value;
  const { counts, size } = asRecord(value) ?? {};
  if (typeof counts === 'string' || isNumbers(counts)) {
    if (size === undefined) return { counts };
    if (isNumbers(size) && size.length === 2) return { counts, size: [size[0], size[1]] };
    throw new DataError(`${where} has run lengths whose size is not [rows, columns]; ${expectation}`);
  }
  throw new DataError(`${where} has neither polygons nor run lengths as segmentation; ${expectation}`);
}

/** Flags are 1 or 0 in the standard, true or false in what many programs write; the COCO API tests their truth. */
function isSet(flag: unknown): boolean {
  return flag === true || (typeof flag === 'number' && flag !== 0) || flag === '1' || flag === 'true';
}

/**
 * Draws the objects of a COCO image, ids 1, 2, … in their order; where objects overlap, the later one lies on top.
 * Crowds, and objects that leave no pixel, leave their ids out and stand in the account; so do pieces of fewer than three
 * points. Each mask is pixel for pixel that of the COCO API.
 * @throws DataError if run lengths do not fit the image, a polygon is broken, or all objects lie outside the image.
 */
export function labelsOfCoco({ fileName, height, width, objects }: CocoImage, path: string): AnnotatedLabels {
  const size = { height, width };
  const drawing = new LabelDrawing(size, 'last');
  for (const { id, crowd, segmentation } of objects) {
    const where = `${path}: annotation ${id} of ${fileName}`;
    if (crowd) drawing.begin('crowd');
    else if ('counts' in segmentation) drawMask(drawing, segmentation, size, where);
    else drawPolygons(drawing, segmentation, size, where);
  }
  return drawing.finish((index) => `annotation ${objects[index].id}`, `${path}: ${fileName}`);
}

function drawMask(
  drawing: LabelDrawing,
  { counts, size }: Extract<CocoObject['segmentation'], { counts: unknown }>,
  { height, width }: Size,
  where: string,
): void {
  if (size !== undefined && (size[0] !== height || size[1] !== width)) {
    throw new DataError(
      `${where} has run lengths of size ${size[0]} x ${size[1]}, its image ${height} x ${width} (rows x columns); expected the same size; export it again`,
    );
  }
  drawing.begin('empty');
  drawRuns(checkedRuns(typeof counts === 'string' ? unpackRuns(counts, where) : counts, height, width, where), drawing);
}

function drawPolygons(
  drawing: LabelDrawing,
  polygons: readonly (readonly number[])[],
  size: Size,
  where: string,
): void {
  const pieces = polygons.filter(({ length }) => length >= 6);
  const outside = pieces.length > 0 && liesOutside(pieces, size);
  drawing.begin(polygons.length === 0 ? 'empty' : pieces.length === 0 ? 'stray' : outside ? 'outside' : 'thin');
  if (pieces.length < polygons.length) drawing.stray();
  if (outside) return;
  for (const corners of pieces) drawRuns(cocoPolygonRuns(corners, size.height, size.width, where), drawing);
}

/** An image to be written to a COCO file. */
export interface CocoEntry {
  readonly fileName: string;
  readonly labels: LabelMap;
  /**
   * Outlines per id, along pixel edges. Objects that have them and no hole are written as polygons, all others as run
   * lengths: COCO's polygons have no holes.
   */
  readonly outlines?: ReadonlyMap<number, readonly Polygon[]>;
}

/**
 * Writes label maps as a COCO file (instances), whole or not at all, image by image. Run lengths are the bytes that the
 * COCO API makes; area and box are those of the mask; `iscrowd` is 0.
 * @param category - the name of the one category, id 1.
 * @throws DataError if the folder cannot be written, WriteError if the disk is full.
 */
export async function writeCoco(
  path: string,
  entries: Iterable<CocoEntry> | AsyncIterable<CocoEntry>,
  category = 'cell',
): Promise<void> {
  await writeAtomically(path, cocoTexts(entries, category));
}

async function* cocoTexts(
  entries: Iterable<CocoEntry> | AsyncIterable<CocoEntry>,
  category: string,
): AsyncGenerator<string> {
  // Annotations first: images are few enough to be kept until the end.
  yield '{"annotations":[';
  const images: object[] = [];
  let annotations = 0;
  for await (const { fileName, labels, outlines } of entries) {
    const { height, width } = labels;
    const imageId = images.length + 1;
    images.push({ id: imageId, file_name: fileName, height, width });
    yield* inBlocks(runLengthsOfLabels(labels), ([id, runs]) => {
      const text = annotationText(++annotations, imageId, runs, outlines?.get(id));
      return `${annotations === 1 ? '' : ','}\n${text}`;
    });
  }
  yield `\n],\n"categories":${JSON.stringify([{ id: 1, name: category }])},\n"images":${JSON.stringify(images)}}\n`;
}

function annotationText(
  id: number,
  imageId: number,
  runs: RunLengths,
  polygons: readonly Polygon[] | undefined,
): string {
  const { height, width, counts } = runs;
  const asPolygons = polygons?.every(({ length }) => length === 1) === true;
  return JSON.stringify({
    id,
    image_id: imageId,
    category_id: 1,
    segmentation: asPolygons
      ? polygons.map(([ring]) => ring.slice(0, -1).flat()) // COCO does not repeat the first corner
      : { size: [height, width], counts: packRuns(counts) },
    area: areaOfRuns(runs),
    bbox: boxOfRuns(runs),
    iscrowd: 0,
  });
}
