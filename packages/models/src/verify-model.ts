import { readImage, readLabelMap } from '@pffnet/datasets/image-files';
import { ajiPlus, overlapTable } from '@pffnet/metrics';
import { predict, readingOf } from '@pffnet/network';
import { openModel } from './open-model.ts';
import { modelFiles, shippedModels } from './shipped-models.ts';

/** How a model's output here compares with what it was when the model was packed. */
export interface Verification {
  readonly name: string;
  /** AJI of the one against the other; 1 where every pixel agrees. Other engines round otherwise: expect 0.99. */
  readonly aji: number;
  /** Objects here, and then. */
  readonly objects: number;
  readonly expectedObjects: number;
  /** Pixels in which one has an object and the other has none. */
  readonly differing: number;
}

/**
 * Recomputes what a model found in its committed image, in float32, and compares.
 * @param folder - of other models.
 * @throws ConfigError if there is no model of that name; DataError if one of its files is missing or damaged.
 */
export async function verifyModel(name: string, folder: string = shippedModels): Promise<Verification> {
  const files = modelFiles(name, folder);
  const expected = await readLabelMap(files.labels);
  const { network } = await openModel(name, folder);
  try {
    // As the model reads all images.
    const image = await readImage(files.image, readingOf(network.config));
    const { labels } = await predict(network, image);
    const table = overlapTable(labels, expected);
    return {
      name,
      // Two empty maps agree.
      aji: ajiPlus(table) ?? 1,
      objects: table.predictedIds.length,
      expectedObjects: table.truthIds.length,
      differing: labels.data.reduce((count, id, at) => count + Number((id === 0) !== (expected.data[at] === 0)), 0),
    };
  } finally {
    network.scope.dispose();
  }
}
