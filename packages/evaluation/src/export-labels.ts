import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type ChannelChoice,
  type CocoEntry,
  decodePixels,
  type Noted,
  type OutlinedObject,
  type TableRow,
  writeCoco,
  writeCvpppSubmission,
  writeGeoJson,
  writeLabelMap,
  writeNpy,
  writeRoiZip,
  writeTable,
} from '@pffnet/datasets';
import { contours, measurementColumns, measureObjects, type ObjectMeasurement } from '@pffnet/postprocess';
import type { LabelMap } from '@pffnet/structures';
import type { ExportKind } from './export-kinds.ts';

/** A label map to be exported. */
export interface ExportImage {
  readonly name: string;
  /** The image that it belongs to: its file's name goes into COCO, its intensities into tables. */
  readonly image?: string | undefined;
  readonly load: () => Promise<LabelMap & Noted>;
  /** Numbers of each object by id, such as its confidence. */
  readonly measurements?: ReadonlyMap<number, Readonly<Record<string, number>>>;
}

/** What some forms need in addition. */
export interface ExportOptions {
  /** The set of the CVPPP challenge that all images are of. */
  readonly cvpppSet: string;
  /** The channel of the images whose intensities go into tables. */
  readonly channel?: ChannelChoice | undefined;
}

/**
 * Writes label maps in other programs' forms, below a folder that exists. One label map is in memory at a time, but for
 * the CVPPP file, which holds few.
 * @returns the files and folders written, relative to the folder.
 * @throws DataError if a label map cannot be read, does not fit the form, or the folder cannot be written; WriteError if
 * the disk is full.
 */
export async function exportLabels(
  folder: string,
  kinds: readonly ExportKind[],
  images: readonly ExportImage[],
  options: ExportOptions,
): Promise<string[]> {
  const written: string[] = [];
  for (const kind of kinds) written.push(await exportAs(kind, folder, images, options));
  return written;
}

async function exportAs(
  kind: ExportKind,
  folder: string,
  images: readonly ExportImage[],
  { cvpppSet: set, channel }: ExportOptions,
): Promise<string> {
  switch (kind) {
    case 'coco':
      await writeCoco(join(folder, 'coco.json'), cocoEntries(images));
      return 'coco.json';
    case 'cvppp': {
      const entries = [];
      for (const { name, load } of images) entries.push({ set, plant: plantOf(name), labels: await load() });
      await writeCvpppSubmission(join(folder, 'cvppp.h5'), entries);
      return 'cvppp.h5';
    }
    case 'geojson':
      return eachInto(folder, kind, images, async (path, image) =>
        writeGeoJson(`${path}.geojson`, outlined(await image.load(), image)),
      );
    case 'roi':
      return eachInto(folder, kind, images, async (path, image) =>
        writeRoiZip(`${path}.zip`, outlined(await image.load(), image)),
      );
    case 'csv':
      return eachInto(folder, kind, images, async (path, image) =>
        writeObjects(`${path}.csv`, await image.load(), image, channel),
      );
    case 'tiff':
      return eachInto(folder, kind, images, async (path, image) => writeLabelMap(`${path}.tif`, await image.load()));
    case 'npy':
      return eachInto(folder, kind, images, async (path, image) => {
        const { height, width, data } = await image.load();
        await writeNpy(`${path}.npy`, { shape: [height, width], data });
      });
  }
}

/** The challenge's `plant003` is in its files `plant003_rgb.png` and `plant003_label.png`. */
const plantOf = (name: string): string => name.replace(/_(rgb|label)$/i, '');

async function eachInto(
  folder: string,
  kind: ExportKind,
  images: readonly ExportImage[],
  write: (path: string, image: ExportImage) => Promise<unknown>,
): Promise<string> {
  await mkdir(join(folder, kind), { recursive: true });
  for (const image of images) await write(join(folder, kind, image.name), image);
  return `${kind}/`;
}

async function* cocoEntries(images: readonly ExportImage[]): AsyncGenerator<CocoEntry> {
  for (const { name, image, load } of images) {
    yield { fileName: image === undefined ? `${name}.png` : basename(image), labels: await load() };
  }
}

function* outlined(labels: LabelMap, { measurements }: ExportImage): Generator<OutlinedObject> {
  for (const { id, polygons } of contours(labels)) {
    yield { polygons, name: String(id), measurements: measurements?.get(id) };
  }
}

/** Writes a table of all objects; an image without objects has one all the same. */
async function writeObjects(
  path: string,
  labels: LabelMap,
  { image, measurements }: ExportImage,
  channel: ChannelChoice | undefined,
): Promise<void> {
  const pixels = image === undefined ? undefined : await decodePixels(image, channel);
  const channels = pixels?.channels === 3 ? ['red', 'green', 'blue'] : ['grey'];
  const objects = measureObjects(labels, pixels);
  await writeTable(path, rowsOf(objects, channels, measurements), objects.length === 0 ? ['id'] : undefined);
}

/** One line per object: its geometry, its intensities as they stand in the image file, and other known values. */
function* rowsOf(
  objects: readonly ObjectMeasurement[],
  channels: readonly string[],
  measurements: ExportImage['measurements'],
): Generator<TableRow> {
  for (const object of objects) {
    yield { id: object.id, ...measurementColumns(object, channels), ...measurements?.get(object.id) };
  }
}
