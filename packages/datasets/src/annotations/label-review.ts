import { DataError } from '@pffnet/structures';
import type { LabelledImage } from '../layouts/layout.ts';
import { regionsOfOneId } from '../regions/regions-of-one-id.ts';
import type { AnnotatedLabels } from './annotated-labels.ts';
import { type MapRegions, masksRefusal, masksWarning } from './foreground-masks.ts';
import { type ImageAccount, lossesLine } from './losses-line.ts';

/**
 * Collects what is wrong with the labels of a folder while they are read: lost objects, and masks of the foreground in
 * place of label maps.
 */
export class LabelReview {
  readonly #accounts: ImageAccount[] = [];
  readonly #maps = new Map<string, MapRegions>();

  /** Looks at the labels of one image, the first time that they are read. */
  add(name: string, { labels, account }: AnnotatedLabels): void {
    if (this.#maps.has(name)) return;
    if (account !== undefined) this.#accounts.push({ image: name, account });
    this.#maps.set(name, { name, regions: regionsOfOneId(labels) });
  }

  /** @returns the same images; their labels are reviewed when they are read. */
  watch(images: readonly LabelledImage[]): LabelledImage[] {
    return images.map((image) => ({
      ...image,
      readLabels: async (size) => {
        const read = await image.readLabels(size);
        this.add(image.name, read);
        return read;
      },
    }));
  }

  /** @returns what a person should know, a line each. */
  lines(): string[] {
    return [masksWarning([...this.#maps.values()]), lossesLine(this.#accounts)].filter((line) => line !== undefined);
  }

  /** @throws DataError if the maps are masks of the foreground: scores and training would take each for one object. */
  refuseMasks(folder: string): void {
    const line = masksRefusal([...this.#maps.values()]);
    if (line !== undefined) throw new DataError(`${folder}: its ${line}`);
  }
}
