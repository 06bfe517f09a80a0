import { compactLabels, DataError, type LabelMap } from '@pffnet/structures';
import { writeAtomically } from '../files/write-atomically.ts';
import { fillHdf5, readHdf5 } from './hdf5.ts';
import { labelsOfArray } from './numeric-array.ts';

/** The label map of one image of the CVPPP leaf segmentation challenge. */
export interface CvpppEntry {
  /** The set, such as `A1`. */
  readonly set: string;
  /** The image without ending, such as `plant003`. */
  readonly plant: string;
  readonly labels: LabelMap;
}

const greatestByte = 255;
const plainName = /^[\w-]+$/;

/**
 * Writes the file that the CVPPP leaf segmentation challenge takes, whole or not at all: HDF5, an array of bytes
 * `<set>/<plant>/label` per image. Leaves are renumbered 1 to n, because the challenge counts gaps as leaves missed.
 * @throws DataError if an image comes twice, has a name that is no plain word or more than 255 leaves, or the folder
 * cannot be written; WriteError if the disk is full.
 * @remarks Source: the challenge's `submission_example.h5`, as programs that fill it in use it.
 */
export async function writeCvpppSubmission(path: string, entries: readonly CvpppEntry[]): Promise<void> {
  const seen = new Set<string>();
  const arrays = entries.map(({ set, plant, labels }) => {
    const name = `${set}/${plant}`;
    if (seen.has(name)) throw new DataError(`cannot write ${path}: ${name} comes twice; expected each image once`);
    seen.add(name);
    if (!plainName.test(set) || !plainName.test(plant)) {
      throw new DataError(
        `cannot write ${path}: ${name} is not a name of the challenge; expected one such as A1/plant003`,
      );
    }
    const { labels: compact, ids } = compactLabels(labels);
    if (ids.length > greatestByte) {
      throw new DataError(`cannot write ${path}: ${name} has ${ids.length} leaves; expected at most ${greatestByte}`);
    }
    return { set, plant, shape: [labels.height, labels.width], data: Uint8Array.from(compact.data) };
  });
  await writeAtomically(path, new Uint8Array(0), (temporary) =>
    fillHdf5(temporary, (root) => {
      for (const set of new Set(arrays.map((array) => array.set))) {
        const group = root.create_group(set);
        for (const { plant, shape, data } of arrays.filter((array) => array.set === set)) {
          const chunks = { chunks: shape, compression: 'gzip' as const };
          group.create_group(plant).create_dataset({ name: 'label', data, shape, ...chunks });
        }
      }
    }),
  );
}

/**
 * Reads a file of the CVPPP leaf segmentation challenge: every `<set>/<plant>/label`.
 * @returns label maps by set and plant, in ascending order.
 * @throws DataError if the file is missing, is not HDF5, holds no label map, or an array that is not one.
 */
export async function readCvpppSubmission(path: string): Promise<CvpppEntry[]> {
  const entries = await readHdf5(path, ({ names, array }) =>
    names('/').flatMap((set) =>
      names(set)
        .filter((plant) => names(`${set}/${plant}`).includes('label'))
        .map((plant) => ({
          set,
          plant,
          labels: labelsOfArray(array(`${set}/${plant}/label`), `${path}: ${set}/${plant}`),
        })),
    ),
  );
  if (entries.length > 0) return entries;
  throw new DataError(`${path} has no label map; expected arrays such as A1/plant003/label; check the file`);
}
