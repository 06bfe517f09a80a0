import { DataError } from '@pffnet/structures';
import type { LabelledImage } from '../layouts/layout.ts';
import { someNames } from '../nearest-name.ts';
import { areMasks, regionsOfOneId } from '../regions/regions-of-one-id.ts';
import type { AnnotatedLabels } from './annotated-labels.ts';
import { type ImageAccount, lossesLine } from './losses-line.ts';

const numberThem =
  "number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling";

/** Keeps what there is to say of the labels of a folder, whoever reads them: objects that are lost, maps that are masks. */
export class LabelReview {
  readonly #accounts: ImageAccount[] = [];
  readonly #maps: { readonly name: string; readonly regions: number | null }[] = [];

  /** Looks at the labels of one image. */
  add(name: string, { labels, account }: AnnotatedLabels): void {
    if (account !== undefined) this.#accounts.push({ image: name, account });
    this.#maps.push({ name, regions: regionsOfOneId(labels) });
  }

  /** @returns the same images, whose labels are looked at when they are read. */
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
    const masks = this.#maps.flatMap(({ name, regions }) =>
      regions !== null && regions > 1 ? [`${name} in ${regions} regions`] : [],
    );
    const losses = lossesLine(this.#accounts);
    return [
      ...(masks.length === 0
        ? []
        : [`one id alone, which counts as one object: ${someNames(masks)}; if that is a mask, ${numberThem}`]),
      ...(losses === undefined ? [] : [losses]),
    ];
  }

  /** @throws DataError if the maps are masks of the foreground: scores and training would take each for one object. */
  refuseMasks(folder: string): void {
    if (!areMasks(this.#maps.map(({ regions }) => regions))) return;
    const masks = this.#maps.flatMap(({ name, regions }) =>
      regions === null || regions < 2 ? [] : [`${name} in ${regions} regions`],
    );
    throw new DataError(
      `${folder}: its label maps hold one id each, ${someNames(masks)}: masks of the foreground, each of which would count as one object; ${numberThem}`,
    );
  }
}
