import { DataError, rankIds, type Segments, ShapeError, type Size } from '@pffnet/structures';
import { encodePng } from '../files/encode-image.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { inBlocks } from './in-blocks.ts';
import { greatestSegment, type PanopticCategory } from './panoptic-category.ts';

/** One image of a panoptic file, without its pixels. */
export interface CocoPanopticEntry {
  /** Its image. */
  readonly fileName: string;
  /** Its picture of ids, in the folder beside the JSON. */
  readonly pictureName: string;
  readonly size: Size;
  readonly segments: readonly SegmentInfo[];
}

/** What the JSON says of a segment. */
export interface SegmentInfo {
  readonly id: number;
  readonly category_id: number;
  readonly area: number;
  /** Column and row of its first pixels, width and height. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly iscrowd: 0 | 1;
}

/**
 * Writes the ids of an image as a PNG, R + 256 G + 65536 B, whole or not at all.
 * @returns what the JSON says of its segments, in ascending order of their ids.
 * @throws DataError if an id needs more than three bytes or the folder cannot be written, WriteError if the disk is full.
 */
export async function writePanopticPicture(path: string, segments: Segments): Promise<SegmentInfo[]> {
  const { height, width, data } = segments.map;
  const infos = describeSegments(segments);
  const greatest = infos.at(-1)?.id ?? 0;
  if (greatest > greatestSegment) {
    throw new DataError(
      `cannot write ${path}: three bytes of colour hold ids up to ${greatestSegment}, got ${greatest}`,
    );
  }
  const colours = new Uint8Array(data.length * 3);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += 3) {
    colours[at] = data[pixel] & 255;
    colours[at + 1] = (data[pixel] >>> 8) & 255;
    colours[at + 2] = data[pixel] >>> 16;
  }
  await writeAtomically(path, await encodePng({ height, width, data: colours }));
  return infos;
}

function describeSegments({ map, classOf, crowds }: Segments): SegmentInfo[] {
  const { ids, data, rank } = rankIds(map);
  const area = new Uint32Array(ids.length);
  const [top, left, bottom, right] = [Infinity, Infinity, 0, 0].map((start) => Array<number>(ids.length).fill(start));
  for (let y = 0, pixel = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++, pixel++) {
      const at = rank[data[pixel]] - 1;
      if (at < 0) continue;
      area[at]++;
      if (y < top[at]) top[at] = y;
      if (x < left[at]) left[at] = x;
      bottom[at] = y + 1;
      if (x >= right[at]) right[at] = x + 1;
    }
  }
  return Array.from(ids, (id, at) => {
    const category = classOf.get(id);
    if (category === undefined) throw new ShapeError(`writePanopticPicture: segment ${id} has no class`);
    return {
      id,
      category_id: category,
      area: area[at],
      bbox: [left[at], top[at], right[at] - left[at], bottom[at] - top[at]],
      iscrowd: crowds?.has(id) === true ? 1 : 0,
    };
  });
}

/**
 * Writes the JSON of panoptic pictures, whole or not at all.
 * @param entries - one per image, in order; images are numbered from 1.
 * @throws DataError if the folder cannot be written, WriteError if the disk is full.
 */
export async function writeCocoPanoptic(
  path: string,
  entries: readonly CocoPanopticEntry[],
  categories: readonly PanopticCategory[],
): Promise<void> {
  await writeAtomically(path, panopticTexts(entries, categories));
}

async function* panopticTexts(
  entries: readonly CocoPanopticEntry[],
  categories: readonly PanopticCategory[],
): AsyncGenerator<string> {
  const images = entries.map(({ fileName, size: { height, width } }, index) => {
    return { id: index + 1, file_name: fileName, height, width };
  });
  const classes = categories.map(({ id, name, isThing }) => ({
    id,
    name,
    supercategory: name,
    isthing: Number(isThing),
  }));
  yield `{"images":${JSON.stringify(images)},\n"categories":${JSON.stringify(classes)},\n"annotations":[`;
  yield* inBlocks(entries.entries(), ([index, { pictureName, segments }]) => {
    const annotation = { image_id: index + 1, file_name: pictureName, segments_info: segments };
    return `${index === 0 ? '' : ','}\n${JSON.stringify(annotation)}`;
  });
  yield '\n]}\n';
}
