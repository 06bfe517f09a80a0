import { extname } from 'node:path';
import { DataError, labelComponents, type LabelMap } from '@pffnet/structures';
import { readNpyHeader, readNpyLabels } from '../formats/npy.ts';
import { labelSizeOf } from '../formats/numeric-array.ts';
import { listOf } from './choose-channel.ts';
import { decodeStored, readHeader } from './decode-pixels.ts';
import { type Noted, noted, orientationNotes } from './notes.ts';
import type { HeaderFacts, StoredNumbers } from './pixels.ts';
import { idsOf } from './read-ids.ts';

const expectation = 'expected a label map: one grey channel whose values are object ids (16-bit or 8-bit PNG, or TIFF)';

/** A label map with the notes of its reader. */
export type NotedLabelMap = LabelMap & Noted;

/**
 * Reads a label map: PNG, TIFF of any number type (integers, or floating point without fractions), lossless WebP, or
 * NPY of any number type (by its ending). Ids stay as they are stored, gaps included: the index of a colour table is
 * the id, and min-is-white is not inverted. Files of several channels are accepted when all are equal. Pixels that are
 * not finite numbers are background, with a note.
 * @throws DataError if the file is missing or damaged, has colours, was compressed with loss, holds values that are no
 * ids, is a black-and-white mask of several objects, or has lost ids above 255 to 8 bits. Ids that wrapped around at
 * 256 cannot be detected.
 */
export async function readLabelMap(path: string): Promise<NotedLabelMap> {
  return isNpy(path) ? await readNpyLabels(path) : labelMapOf(await decodeStored(path), path);
}

/**
 * Height and width of a label map, from its file's header.
 * @throws DataError if the file is missing or its header cannot be read.
 */
export async function readLabelSize(
  path: string,
): Promise<Pick<HeaderFacts, 'height' | 'width'> & Partial<HeaderFacts>> {
  return isNpy(path) ? labelSizeOf((await readNpyHeader(path)).shape, path) : await readHeader(path, 'any');
}

function isNpy(path: string): boolean {
  return extname(path).toLowerCase() === '.npy';
}

/**
 * Takes the numbers of a file for object ids.
 * @throws DataError as {@link readLabelMap} does.
 */
export function labelMapOf(stored: StoredNumbers, path: string): NotedLabelMap {
  const { height, width, storedBits } = stored;
  refuseOtherThanIds(stored, path);
  const { ids: data, notes } = idsOf(oneChannel(stored, path), width, path, expectation);
  const labels = { height, width, data };
  if (storedBits === 8) refuseLostIds(labels, path);
  return { ...labels, ...noted(orientationNotes(path, stored.orientation), notes, clampedNotes(labels, path)) };
}

function refuseOtherThanIds({ lossy, palette }: StoredNumbers, path: string): void {
  if (lossy !== undefined) {
    throw new DataError(
      `${path} is compressed with ${lossy}, with loss, which changes ids; ${expectation}; export it again without loss`,
    );
  }
  if (palette !== undefined && isGreyOtherThanIndex(palette)) {
    throw new DataError(
      `${path} has a colour table in which grey values differ from their indices, so that either could be the ids; ${expectation}; save the ids as grey values`,
    );
  }
}

/** How programs that reduce colours store a grey label map: */
function isGreyOtherThanIndex(palette: readonly number[]): boolean {
  const grey = palette.every((value, at) => value === palette[at - (at % 3)]);
  return grey && palette.some((value, at) => value !== Math.floor(at / 3)) && !isInSteps(palette);
}

/** A grey ramp over the whole range, forwards or backwards, which only says how to show the indices. */
function isInSteps(palette: readonly number[]): boolean {
  const greys = palette.filter((_, at) => at % 3 === 0);
  const step = greys[1] - greys[0];
  return greys.every((grey, at) => at === 0 || Math.abs(grey - greys[at - 1] - step) <= 1) && step !== 0;
}

function oneChannel({ data, channels, names }: StoredNumbers, path: string): StoredNumbers['data'] {
  if (channels === 1) return data;
  const pixels = data.length / channels;
  const first = new (data.constructor as new (length: number) => StoredNumbers['data'])(pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
    first[pixel] = data[at++];
    for (let channel = 1; channel < channels; channel++, at++) {
      if (Object.is(data[at], first[pixel])) continue;
      throw new DataError(
        names[0] === 'red'
          ? `${path} is a colour picture; ${expectation}; turn each colour into an id first`
          : `${path} has ${listOf(names)} that differ; ${expectation}; save the channel that holds the ids alone`,
      );
    }
  }
  return first;
}

/** In 8 bits the value 255 is suspect: it is the white of masks, and what greater ids are cut to. */
function refuseLostIds(labels: LabelMap, path: string): void {
  const present = new Uint8Array(256);
  for (const id of labels.data) present[id] = 1;
  const ids = present.subarray(1).reduce((sum, one) => sum + one, 0);
  if (present[255] === 0 || (ids !== 1 && ids !== 255)) return;
  const regionCount = regionsOf(labels, 255);
  if (regionCount === 1) return;
  throw new DataError(
    ids === 1
      ? `${path} holds only 0 and 255, in ${regionCount} regions: a black-and-white mask; ${expectation}; number the objects first`
      : `${path} has every id up to 255 and 255 in ${regionCount} regions: greater ids were cut to 8 bits; ${expectation}; export it again with 16 bits`,
  );
}

/** Ids that were cut to the greatest number of a narrower type lie together under it. */
function clampedNotes(labels: LabelMap, path: string): string[] {
  let greatest = 0;
  for (let at = 0; at < labels.data.length; at++) if (labels.data[at] > greatest) greatest = labels.data[at];
  if (greatest !== 255 && greatest !== 65_535) return [];
  if (!labels.data.some((id) => id !== 0 && id !== greatest)) return [];
  const regionCount = regionsOf(labels, greatest);
  if (regionCount === 1) return [];
  return [
    `${path}: id ${greatest}, the greatest of ${greatest === 255 ? 8 : 16} bits, is in ${regionCount} regions: greater ids may have been cut to it, and count as one object; export with more bits`,
  ];
}

function regionsOf({ height, width, data }: LabelMap, id: number): number {
  const { data: regions } = labelComponents({ height, width, data: data.map((other) => (other === id ? 1 : 0)) }, 8);
  return regions.reduce((most, region) => Math.max(most, region), 0);
}
