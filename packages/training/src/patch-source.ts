import { augment, type Dataset, randomPatch, type Sample } from '@pffnet/datasets';
import { type Pffnet, supervise, truthOf } from '@pffnet/pffnet';
import { randomStream, shuffle } from '@pffnet/tensor-ops/structures';
import type { TrainingSample } from './train-step.ts';

/** Patches drawn in search of one with an object before the image is passed over. */
const TRIES = 10;

/**
 * Gives the patch of every iteration. All its randomness comes from streams named by seed and iteration (and, for the
 * order of images, by epoch), so that the patch of iteration i is the same whether training ran there in one go or was
 * resumed, and no random state needs saving.
 * @throws DataError from the data set; Error if no image has an object.
 */
export class PatchSource {
  readonly #dataset: Dataset;
  readonly #names: readonly string[];
  readonly #config: Pffnet['config'];
  readonly #loaded = new Map<string, Sample>();

  constructor(dataset: Dataset, names: readonly string[], config: Pffnet['config']) {
    this.#dataset = dataset;
    this.#names = names;
    this.#config = config;
  }

  async patch(iteration: number): Promise<TrainingSample> {
    const { seed, geometry, training } = this.#config;
    const stream = randomStream(seed, `patch/${iteration}`);
    // An image or patch without objects teaches the instance branch nothing (methods 1.1): look further, deterministically.
    for (let skipped = 0; skipped <= this.#names.length; skipped++) {
      const sample = await this.#load(this.#nameAt(iteration, skipped));
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const patch = augment(randomPatch(sample, training.patch.size, stream), training.augmentation, stream);
        const truth = truthOf(patch.labels, geometry);
        if (truth.ids.length === 0) continue;
        const sampling = {
          anchors: randomStream(seed, `anchors/${iteration}`),
          rois: randomStream(seed, `rois/${iteration}`),
        };
        return { image: patch.image, supervision: supervise(truth, this.#config, sampling) };
      }
    }
    throw new Error(`no patch with an object was found in ${this.#names.length} training images`);
  }

  /** Each epoch visits every image once, in an order of its own, `perImage` patches in a row. */
  #nameAt(iteration: number, skipped: number): string {
    const position = Math.floor(iteration / this.#config.training.patch.perImage) + skipped;
    const epoch = Math.floor(position / this.#names.length);
    const order = shuffle([...this.#names], randomStream(this.#config.seed, `order/${epoch}`));
    return order[position % this.#names.length];
  }

  async #load(name: string): Promise<Sample> {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const sample = await this.#dataset.load(name);
    if (this.#loaded.size >= 64) this.#loaded.clear();
    this.#loaded.set(name, sample);
    return sample;
  }
}
