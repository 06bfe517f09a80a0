import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError, type LabelMap, objectIds } from '@pffnet/structures';
import { stringify } from 'csv-stringify/sync';
import { readLabelMap } from '../files/read-label-map.ts';
import type { Noted } from '../files/notes.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { WriteError } from '../files/write-error.ts';
import { writeFolderAtomically } from '../files/write-folder-atomically.ts';
import { writeLabelMap } from '../files/write-label-map.ts';

/** An image to be written with its label map. */
export interface PlainEntry extends Noted {
  readonly name: string;
  /** Where both come from, for the manifest. */
  readonly origin: string;
  /** Ending of the image file, with its dot. */
  readonly ending: string;
  /** The whole image file. */
  readonly bytes: Uint8Array;
  readonly labels: LabelMap;
  /** Part of the split, if there is one. */
  readonly part?: string | undefined;
}

/** What a manifest says of one image. */
export interface ManifestEntry {
  readonly name: string;
  /** Paths below the folder. */
  readonly image: string;
  readonly labels: string;
  readonly origin: string;
  readonly height: number;
  readonly width: number;
  readonly objects: number;
  /** Of the image file. */
  readonly sha256: string;
  readonly part?: string;
}

/** What `manifest.json` holds besides `images`. */
export interface ManifestFacts {
  /** The folder that was converted. */
  readonly source: string;
  /** Its form. */
  readonly format: string;
  /** The program and its version. */
  readonly writtenBy: string;
  /** How patches were cut, if they were. */
  readonly patches?: { readonly perImage: number; readonly size: number; readonly seed: number };
}

/**
 * Writes a data set as `images/` and `labels/` with `manifest.json`, and `split.csv` if the entries have parts; the folder
 * appears whole or not at all. Every file is read back and compared with what was to be written.
 * @returns what the manifest says of the images.
 * @throws DataError if the folder exists or cannot be written, a name cannot be a file's name, or there is no entry;
 * WriteError if the disk is full or a file does not read back as it was written.
 */
export function writePlainDataset(
  folder: string,
  facts: ManifestFacts,
  entries: AsyncIterable<PlainEntry>,
): Promise<ManifestEntry[]> {
  return writeFolderAtomically(folder, async (temporary) => {
    for (const part of ['images', 'labels']) await mkdir(join(temporary, part));
    const images: ManifestEntry[] = [];
    for await (const entry of entries) images.push(await writeEntry(temporary, entry));
    if (images.length === 0) throw new DataError(`${facts.source} has no image; expected at least one`);
    const objects = images.reduce((sum, image) => sum + image.objects, 0);
    const manifest = { ...facts, imageCount: images.length, objectCount: objects, images };
    await writeAtomically(join(temporary, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    if (images.some(({ part }) => part !== undefined)) {
      const rows = images.map(({ name, part }) => [name, part ?? '']);
      await writeAtomically(join(temporary, 'split.csv'), stringify([['name', 'part'], ...rows]));
    }
    return images;
  });
}

const bytesOf = ({ data }: LabelMap): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

async function writeEntry(folder: string, entry: PlainEntry): Promise<ManifestEntry> {
  const { name, origin, ending, bytes, labels, part } = entry;
  if (name === '' || name.startsWith('.') || /[\\/\0]/.test(name)) {
    throw new DataError(`${origin} is called ${JSON.stringify(name)}; expected a name that a file can have; rename it`);
  }
  const image = join(folder, 'images', name + ending);
  await writeAtomically(image, bytes);
  const labelFile = await writeLabelMap(join(folder, 'labels', `${name}.png`), labels);
  const [imageBack, labelsBack] = [await readFile(image), await readLabelMap(labelFile)];
  const isSame = labelsBack.width === labels.width && bytesOf(labelsBack).equals(bytesOf(labels));
  if (!imageBack.equals(bytes) || !isSame) {
    throw new WriteError(`${origin}: its copy differs from the original; check the disk and run again`);
  }
  return {
    name,
    image: `images/${name}${ending}`,
    labels: `labels/${basename(labelFile)}`,
    origin,
    height: labels.height,
    width: labels.width,
    objects: objectIds(labels).length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(part === undefined ? {} : { part }),
  };
}
