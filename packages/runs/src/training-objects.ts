import { type Dataset, type ImageKind, imageKind, type Sample } from '@pffnet/datasets/image-files';
import type { NetworkConfig } from '@pffnet/network';
import { medianDiameter } from '@pffnet/postprocess';

/** What a network learned from, as it saw it. */
export interface TrainingObjects {
  /** Median diameter in pixels, of the disc as large as the object; null without any object. */
  readonly diameter: number | null;
  /** The kind of most images. */
  readonly images: ImageKind;
  readonly count: number;
}

/**
 * Measures the objects that a network learned from.
 * @param names - the images of its training.
 */
export async function trainingObjects(
  { training }: NetworkConfig,
  dataset: Dataset,
  names: readonly string[],
): Promise<TrainingObjects> {
  const areas: number[] = [];
  let fluorescent = 0;
  for (const name of names) {
    const sample = await dataset.load(name);
    const scale = trainedScale(training.resize, sample);
    for (const area of areasOf(sample)) areas.push(area * scale);
    if (imageKind(sample.image) === 'fluorescence') fluorescent++;
  }
  return {
    diameter: medianDiameter(areas),
    images: 2 * fluorescent > names.length ? 'fluorescence' : 'brightfield',
    count: areas.length,
  };
}

/** How many pixels of the training one pixel of the file became. */
function trainedScale(resize: NetworkConfig['training']['resize'], { labels }: Sample): number {
  return resize.kind === 'none' ? 1 : resize.side ** 2 / (labels.height * labels.width);
}

function areasOf({ labels }: Sample): Iterable<number> {
  const areas = new Map<number, number>();
  for (const id of labels.data) if (id !== 0) areas.set(id, (areas.get(id) ?? 0) + 1);
  return areas.values();
}
