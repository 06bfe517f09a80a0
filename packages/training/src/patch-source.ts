import { augment, type Dataset, type Sample, scaledPatch } from '@pffnet/datasets';
import type { NetworkConfig } from '@pffnet/network';
import { DataError, type LabelMap, randomStream, resizeImage, resizeLabels, shuffle } from '@pffnet/structures';
import { SampleCache } from './sample-cache.ts';

/** How many patches are drawn in search of one with an object before the next image is taken. */
const TRIES = 10;
/** Bytes of decoded images that are kept in memory: 256 images of 512 x 512 pixels. */
const KEPT_BYTES = 2 ** 30;

/**
 * Gives the patch of every iteration. All its randomness comes from streams named by seed and iteration (and, for the
 * order of images, by epoch), so that the patch of iteration i is the same whether training ran there in one go or was
 * resumed, and no random state needs saving.
 */
export class PatchSource {
  readonly #names: readonly string[];
  readonly #config: NetworkConfig;
  readonly #samples: SampleCache;
  #ahead: { readonly iteration: number; readonly patch: Promise<Sample> } | undefined;

  /**
   * @param names - the images to learn from.
   * @throws DataError if there is none.
   */
  constructor(dataset: Dataset, names: readonly string[], config: NetworkConfig) {
    if (names.length === 0) throw new DataError('there are no training images; expected at least one');
    this.#names = names;
    this.#config = config;
    const { resize } = config.training;
    this.#samples = new SampleCache(async (name) => resized(await dataset.load(name), resize), KEPT_BYTES);
  }

  /**
   * The patch that an iteration learns from, augmented. That of the next one is begun: its image is read and decoded on
   * other threads while the network learns from this one. One without objects would teach the instance branch nothing (docs/sources.md, "Where we follow neither"):
   * another is drawn, and after ten the next image of the epoch takes the place.
   * @throws DataError from the data set, or if no patch with an object was found in any image.
   */
  async draw(iteration: number): Promise<Sample> {
    const begun = this.#ahead?.iteration === iteration ? this.#ahead.patch : this.#prepare(iteration);
    const patch = await begun;
    const next = this.#prepare(iteration + 1);
    next.catch(() => undefined); // whoever draws it is told
    this.#ahead = { iteration: iteration + 1, patch: next };
    return patch;
  }

  async #prepare(iteration: number): Promise<Sample> {
    const { seed, training } = this.#config;
    const { patch: square, augmentation } = training;
    const stream = randomStream(seed, `patch/${iteration}`);
    for (let passedOver = 0; passedOver <= this.#names.length; passedOver++) {
      const sample = await this.#samples.get(this.#nameAt(iteration, passedOver));
      for (let attempt = 0; attempt < TRIES && hasObject(sample.labels); attempt++) {
        const patch = scaledPatch(sample, square.size, augmentation.scale, stream);
        if (hasObject(patch.labels)) return augment(patch, augmentation, stream);
      }
    }
    throw new DataError(
      `no object was found in ${TRIES} patches of ${training.patch.size} pixels from each of ${this.#names.length} training images; expected label maps with ids above 0`,
    );
  }

  /** Each epoch visits every image once, in an order of its own, `perImage` patches in a row. */
  #nameAt(iteration: number, passedOver: number): string {
    const position = Math.floor(iteration / this.#config.training.patch.perImage) + passedOver;
    const epoch = Math.floor(position / this.#names.length);
    const order = shuffle([...this.#names], randomStream(this.#config.seed, `order/${epoch}`));
    return order[position % this.#names.length];
  }
}

function resized(sample: Sample, resize: NetworkConfig['training']['resize']): Sample {
  if (resize.kind === 'none') return sample;
  const size = { height: resize.side, width: resize.side };
  return { ...sample, image: resizeImage(sample.image, size), labels: resizeLabels(sample.labels, size) };
}

function hasObject({ data }: LabelMap): boolean {
  return data.some((id) => id > 0);
}
