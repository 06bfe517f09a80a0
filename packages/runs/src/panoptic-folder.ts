import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CocoPanopticEntry, writeCocoPanoptic, writePanopticPicture } from '@pffnet/datasets';
import { classesOfLabels } from '@pffnet/evaluation/panoptic';
import type { Model } from '@pffnet/models';
import type { Prediction } from '@pffnet/network';
import { panopticSegments } from '@pffnet/postprocess';
import { ConfigError, resizeValues } from '@pffnet/structures';
import type { PixelPredictions } from './predict-file.ts';
import { panopticPicture } from './write-prediction.ts';

/**
 * Panoptic predictions in COCO's form: `panoptic/NAME.png` per image, and `panoptic.json` for all. Things are the objects
 * of the label map; stuff is what the semantic branch takes for background of the other pixels; void is the rest.
 */
export class PanopticFolder {
  readonly #folder: string;
  readonly #entries: CocoPanopticEntry[] = [];

  /** @param folder - exists. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes the picture of one image.
   * @param image - its file.
   * @param maps - what was predicted per pixel, at whatever size it was read.
   */
  async add(
    { name, image }: { readonly name: string; readonly image: string },
    { labels }: Prediction,
    { height, width, byName, foreground = '' }: PixelPredictions,
  ): Promise<void> {
    const data = byName.get(foreground);
    if (data === undefined) throw new ConfigError(`--panoptic: ${image} was read without a semantic branch`);
    const segments = panopticSegments(labels, resizeValues({ height, width, data }, labels));
    const picture = panopticPicture({ folder: this.#folder, name });
    await mkdir(dirname(picture), { recursive: true });
    const infos = await writePanopticPicture(picture, segments);
    const size = { height: labels.height, width: labels.width };
    this.#entries.push({ fileName: basename(image), pictureName: basename(picture), size, segments: infos });
  }

  /** Writes the JSON of all images so far. */
  async finish(): Promise<void> {
    await writeCocoPanoptic(join(this.#folder, 'panoptic.json'), this.#entries, [...classesOfLabels.values()]);
  }
}

/**
 * Checks that a network tells background from foreground apart from its objects.
 * @param asked - the model as it was asked for, for messages.
 * @throws ConfigError if it has no semantic branch.
 */
export function assertPanoptic({ network, facts }: Model, asked: string): void {
  if (network.predictor().maps?.foreground !== undefined) return;
  if (facts !== null) {
    throw new ConfigError(
      `--panoptic: ${facts.name} is packed for label maps and has no semantic branch, which says what is background; leave it out, or give the run that it was packed from`,
    );
  }
  throw new ConfigError(
    `--panoptic: ${asked} (kind ${network.config.kind}) has no semantic branch, which says what is background; leave it out, or train a network that has one: cell-rcnn, panoptic-fpn or pffnet, say`,
  );
}
