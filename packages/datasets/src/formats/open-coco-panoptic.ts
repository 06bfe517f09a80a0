import { join } from 'node:path';
import { DataError, type LabelMap, rankIds, type Segments, type Size } from '@pffnet/structures';
import { decodePixels } from '../files/decode-pixels.ts';
import { pairingName } from '../files/pairing-name.ts';
import { someNames } from '../nearest-name.ts';
import { asRecord } from './as-record.ts';
import { jsonItems } from './json-items.ts';
import { greatestSegment, type PanopticCategory } from './panoptic-category.ts';

const expected = "expected JSON in COCO's panoptic form, with annotations and their segments_info";
const expectation = `${expected}; export it again`;

/** Panoptic segmentations in COCO's form. */
export interface CocoPanoptic {
  /** The JSON file. */
  readonly source: string;
  /** By id; empty where the file does not say, as files of results need not. */
  readonly categories: ReadonlyMap<number, PanopticCategory>;
  /** In the order of the file: names of the pictures, without ending. */
  readonly names: readonly string[];
  /**
   * Reads one.
   * @throws DataError if its picture is missing, damaged, no RGB, or disagrees with the JSON about segments or size.
   */
  read(name: string): Promise<Segments>;
}

interface Annotation {
  readonly imageId: unknown;
  readonly file: string;
  readonly classOf: ReadonlyMap<number, number>;
  readonly crowds: ReadonlySet<number>;
}

/** Where the pictures of a JSON file lie: `panoptic/` beside `panoptic.json`. */
const picturesOf = (path: string): string => path.replace(/\.json$/i, '');

/**
 * Opens panoptic segmentations in COCO's form: a JSON file, and one PNG per image in a folder of the same name. Pixels
 * are ids, R + 256 G + 65536 B; 0 is void.
 * @throws DataError if the JSON is missing, damaged, or says of a segment neither id nor category.
 * @remarks Source: cocodataset.org, data format and results format, panoptic segmentation.
 */
export async function openCocoPanoptic(path: string): Promise<CocoPanoptic> {
  if (picturesOf(path) === path) throw new DataError(`${path} is no .json file; ${expected}; name that file`);
  const categories = new Map<number, PanopticCategory>();
  const annotations = new Map<string, Annotation>();
  const sizes = new Map<unknown, Size>();
  for await (const { list, index, value } of jsonItems(path, ['annotations', 'categories', 'images'], expected)) {
    const where = `${path}: ${list} ${index + 1}`;
    const entry = asRecord(value);
    if (entry === undefined) throw new DataError(`${where} is no object; ${expectation}`);
    if (list === 'images') noteSize(sizes, entry);
    else if (list === 'categories') addCategory(categories, entry, where);
    else addAnnotation(annotations, entry, where);
  }
  return {
    source: path,
    categories,
    names: [...annotations.keys()],
    read: (name) => {
      const annotation = annotations.get(name);
      if (annotation === undefined) throw new DataError(`${path} has no annotation of ${name}; ${expectation}`);
      return readSegments(path, annotation, sizes.get(annotation.imageId));
    },
  };
}

function noteSize(sizes: Map<unknown, Size>, { id, height, width }: Record<string, unknown>): void {
  if (typeof height === 'number' && typeof width === 'number') sizes.set(id, { height, width });
}

function addCategory(
  categories: Map<number, PanopticCategory>,
  { id, name, isthing }: Record<string, unknown>,
  where: string,
): void {
  const isThing = isthing === 1 || isthing === true;
  if (!isWhole(id) || (!isThing && isthing !== 0 && isthing !== false)) {
    throw new DataError(`${where} has no whole number as id, or no isthing of 0 or 1; ${expectation}`);
  }
  if (categories.has(id)) throw new DataError(`${where} has the id ${id} of another category; ${expectation}`);
  categories.set(id, { id, name: typeof name === 'string' ? name : String(id), isThing });
}

function addAnnotation(annotations: Map<string, Annotation>, entry: Record<string, unknown>, where: string): void {
  const { file_name: file, image_id: imageId, segments_info: infos } = entry;
  if (typeof file !== 'string' || !Array.isArray(infos)) {
    throw new DataError(`${where} has not file_name and segments_info; ${expectation}`);
  }
  if (/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[a-z]:|\0/i.test(file)) {
    throw new DataError(
      `${where} names the picture ${JSON.stringify(file)}; expected a place in the folder beside the JSON; write file names without folders`,
    );
  }
  const name = pairingName(file);
  if (annotations.has(name)) throw new DataError(`${where} is a second annotation of ${name}; ${expectation}`);
  const classOf = new Map<number, number>();
  const crowds = new Set<number>();
  for (const info of infos) {
    const { id, category_id: category, iscrowd } = asRecord(info) ?? {};
    if (!isWhole(id) || id < 1 || id > greatestSegment || !isWhole(category)) {
      throw new DataError(
        `${where} (${name}) has a segment without an id of 1 to ${greatestSegment} or without category_id; ${expectation}`,
      );
    }
    if (classOf.has(id)) throw new DataError(`${where} (${name}) has two segments of the id ${id}; ${expectation}`);
    classOf.set(id, category);
    if (iscrowd === 1 || iscrowd === true) crowds.add(id);
  }
  annotations.set(name, { imageId, file, classOf, crowds });
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

async function readSegments(
  path: string,
  { file, classOf, crowds }: Annotation,
  size: Size | undefined,
): Promise<Segments> {
  const picture = join(picturesOf(path), file.replaceAll('\\', '/'));
  const map = await readIds(picture);
  if (size !== undefined && (size.height !== map.height || size.width !== map.width)) {
    throw new DataError(
      `${picture} has ${map.height} x ${map.width} pixels (rows x columns), its image in ${path} ${size.height} x ${size.width}; expected the same size; export both again`,
    );
  }
  const drawn = new Set(rankIds(map).ids);
  const unnamed = [...drawn].filter((id) => !classOf.has(id));
  const undrawn = [...classOf.keys()].filter((id) => !drawn.has(id));
  if (unnamed.length > 0) throw disagreement(picture, unnamed, `in no segments_info of ${path}`);
  if (undrawn.length > 0) throw disagreement(path, undrawn, `nowhere in ${picture}`);
  return { map, classOf, crowds };
}

function disagreement(file: string, ids: readonly number[], where: string): DataError {
  const which = `${ids.length === 1 ? 'the segment' : 'segments'} ${someNames(ids.map(String))}`;
  return new DataError(`${file} has ${which}, ${where}; expected the same ids in both; export both again`);
}

/** The ids of a picture: R + 256 G + 65536 B. */
async function readIds(path: string): Promise<LabelMap> {
  const { height, width, channels, data: colours, storedBits, lossy } = await decodePixels(path);
  if (channels !== 3 || storedBits !== 8 || lossy) {
    throw new DataError(
      `${path} is no PNG of 8-bit red, green and blue; expected ids as R + 256 G + 65536 B; export it again`,
    );
  }
  const data = new Uint32Array(height * width);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += 3) {
    data[pixel] = colours[at] + 256 * colours[at + 1] + 65536 * colours[at + 2];
  }
  return { height, width, data };
}
