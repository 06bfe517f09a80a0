import { labelMap, type RgbPixels, scaleImage } from '@pffnet/structures';
import { atShortSide, imageParts } from './image-parts.ts';
import type { ReadingRule } from './network-config.ts';
import type { Network } from './network.ts';
import type { Click, ImageSize, Prediction, Predictor, Strip } from './predictor.ts';
import { scaleClicks } from './scale-clicks.ts';

/**
 * Reads an image of any size, large ones in overlapping tiles (`test.tiles`); with `test.shortSide` it is resized first.
 * @param floor - the most lenient rule that the readings will be decided by.
 * @param clicks - on the image, for a network that is told where objects are.
 */
export async function* readImageParts(
  predictor: Predictor,
  image: RgbPixels,
  floor: ReadingRule,
  clicks?: readonly Click[],
): AsyncGenerator {
  const resized = atShortSide(image, floor.shortSide);
  const told = clicks === undefined ? {} : { clicks: scaleClicks(clicks, image, resized) };
  for (const part of imageParts(resized, floor.tiles)) yield await predictor.read({ ...part, ...told }, floor);
}

/** Decides what the objects of an image are from readings of all its parts. */
export async function decidePrediction(
  predictor: Predictor,
  readings: Iterable<unknown> | AsyncIterable<unknown>,
  size: ImageSize,
  rule: ReadingRule,
): Promise<Prediction> {
  return joinStrips(predictor.decide(readings, size, rule), size);
}

/**
 * Separates the objects of an image.
 * @param rule - how to predict; by default the config's `test`.
 * @param scale - by what factor the image is scaled before it is read, see {@link fittingScale}; the label map has the
 * size of the image all the same.
 * @param clicks - on the image, for a network that is told where objects are.
 */
export async function predict(
  network: Network,
  image: RgbPixels,
  rule: ReadingRule = network.config.test,
  scale = 1,
  clicks?: readonly Click[],
): Promise<Prediction> {
  const predictor = network.predictor();
  const scaled = scaleImage(image, scale);
  const told = clicks === undefined ? undefined : scaleClicks(clicks, image, scaled);
  return decidePrediction(predictor, readImageParts(predictor, scaled, rule, told), image, rule);
}

async function joinStrips(strips: AsyncIterable<Strip>, { height, width }: ImageSize): Promise<Prediction> {
  let labels = null;
  const instances = [];
  for await (const strip of strips) {
    instances.push(...strip.instances);
    if (strip.labels.height === height) labels = strip.labels;
    else (labels ??= labelMap(height, width)).data.set(strip.labels.data, strip.y * width);
  }
  instances.sort((a, b) => a.id - b.id);
  return { labels: labels ?? labelMap(height, width), instances };
}
