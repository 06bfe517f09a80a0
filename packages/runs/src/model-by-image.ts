import { type ImageKind, imageKind, readImage } from '@pffnet/datasets/image-files';
import { describeModel, type Model, modelNames } from '@pffnet/models';
import { ConfigError, type RgbPixels } from '@pffnet/structures';
import { loadModel, type TestSettings } from './load-model.ts';
import type { ReadingOptions } from './read-as-configured.ts';

/** Gives the model for each image: the one that was asked for, or with `auto` one that ships, by the image's kind. */
export class ModelByImage {
  readonly #asked: string;
  readonly #open: (name: string) => Promise<Model>;
  readonly #models = new Map<string, Promise<Model>>();
  /** Names by kind of image: to find one reads the files of models, which are large. */
  readonly #names = new Map<ImageKind, Promise<string>>();

  /**
   * @param opened - is called once for every model that is opened, and may throw to refuse it.
   * @param say - is told what is odd about a model on this engine.
   */
  constructor(
    asked: string,
    changes: TestSettings,
    opened: (model: Model) => void | Promise<void> = () => undefined,
    say: (line: string) => void = () => undefined,
  ) {
    this.#asked = asked;
    this.#open = async (name) => {
      const model = await loadModel(name, changes, say);
      try {
        await opened(model);
        return model;
      } catch (error) {
        model.network.scope.dispose();
        throw error;
      }
    };
  }

  /** Opens the model that was asked for, so that a mistake is known before anything is written; not with `auto`. */
  async prepare(): Promise<void> {
    if (this.#asked === 'auto') await Promise.all([this.#name('brightfield'), this.#name('fluorescence')]);
    else await this.#model(this.#asked);
  }

  /**
   * The model for an image file.
   * @param say - is told with `auto` which one, and why.
   * @throws ConfigError if none suits, or it does not open.
   */
  async modelFor(file: string, { channel }: ReadingOptions, say: (line: string) => void): Promise<Model> {
    if (this.#asked !== 'auto') return this.#model(this.#asked);
    const kind = imageKind(await readImage(file, { channel }));
    const name = await this.#name(kind);
    say(`${file}: ${kind}, read by ${name}`);
    return this.#model(name);
  }

  /** Frees every model that was opened. */
  async dispose(): Promise<void> {
    for (const model of this.#models.values()) {
      await model.then(
        ({ network }) => {
          network.scope.dispose();
        },
        () => undefined,
      );
    }
  }

  #name(kind: ImageKind): Promise<string> {
    const name = this.#names.get(kind) ?? nameFor(kind);
    this.#names.set(kind, name);
    return name;
  }

  #model(name: string): Promise<Model> {
    const model = this.#models.get(name) ?? this.#open(name);
    this.#models.set(name, model);
    return model;
  }
}

/** A line about an image of another kind than those that a model learned from; null where nothing is odd. */
export function oddKind({ facts }: Model, image: RgbPixels): string | null {
  const learned = facts?.images ?? null;
  if (facts === null || learned === null) return null;
  const kind = imageKind(image);
  if (kind === learned) return null;
  return `looks like ${kind}, and ${facts.name} learned from ${learned} images, so that it may find little or nothing; --model auto chooses by the image`;
}

async function nameFor(kind: ImageKind): Promise<string> {
  const names = modelNames();
  for (const name of names) if ((await describeModel(name)).facts?.images === kind) return name;
  const known = names.length === 0 ? 'none is installed' : `there are ${names.join(', ')}`;
  throw new ConfigError(`--model auto: no model for ${kind} images (${known}); give a run or a weights file`);
}
