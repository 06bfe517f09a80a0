import { join } from 'node:path';
import { writeAtomically, writeImage, writeLabelMap, writeOverlay } from '@pffnet/datasets/image-files';
import type { FoundObject, ImageSize, Prediction } from '@pffnet/network';
import { resizeImage, type RgbPixels } from '@pffnet/structures';
import { stringify } from 'csv-stringify/sync';
import { pictureEndings } from './picture-endings.ts';
import type { PixelPredictions } from './predict-file.ts';

/** What the files of one image begin with. */
export interface PredictionPlace {
  readonly folder: string;
  /** The image's name without extension. */
  readonly name: string;
}

/** The files that {@link writePrediction} may write, but for a label map whose ids need a TIFF. */
export function predictionFiles({ folder, name }: PredictionPlace): string[] {
  return [`${name}.png`, `${name}.csv`, ...pictureEndings.map((ending) => `${name}_${ending}.png`)].map((file) =>
    join(folder, file),
  );
}

/** The picture of ids that an image gets in COCO's panoptic form; `panoptic.json` beside the folder tells of all. */
export function panopticPicture({ folder, name }: PredictionPlace): string {
  return join(folder, 'panoptic', `${name}.png`);
}

/**
 * Writes the objects of one image: label map, picture with outlines, table.
 * @returns the path of the label map: a PNG, or a TIFF when ids need 32 bits.
 */
export async function writePrediction(
  { folder, name }: PredictionPlace,
  image: RgbPixels,
  { labels, instances }: Prediction,
): Promise<string> {
  const path = join(folder, name);
  await writeOverlay(`${path}_overlay.png`, image, labels);
  await writeAtomically(`${path}.csv`, instanceTable(instances));
  return writeLabelMap(`${path}.png`, labels);
}

/**
 * Writes predictions per pixel by name, 0 to 255.
 * @param size - of the pictures, whatever the size at which the image was read.
 */
export async function writeMaps(
  { folder, name }: PredictionPlace,
  { height, width, byName }: PixelPredictions,
  size: ImageSize,
): Promise<void> {
  for (const [kind, map] of byName) {
    const data = Float32Array.from({ length: map.length * 3 }, (_, at) => 255 * map[Math.floor(at / 3)]);
    await writeImage(join(folder, `${name}_${kind}.png`), resizeImage({ height, width, data }, size));
  }
}

function instanceTable(instances: readonly FoundObject[]): string {
  return stringify([
    ['id', 'y1', 'x1', 'y2', 'x2', 'area', 'classScore', 'quality', 'confidence'],
    ...instances.map(({ id, box, area, classScore, quality, confidence }) => [
      id,
      ...box,
      area,
      classScore,
      quality,
      confidence,
    ]),
  ]);
}
