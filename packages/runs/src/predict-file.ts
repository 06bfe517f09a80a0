import type { Model } from '@pffnet/models';
import { type Click, decidePrediction, type Prediction, readImageParts, scaleClicks } from '@pffnet/network';
import { type RgbPixels, scaleImage } from '@pffnet/structures';
import { oddKind } from './model-by-image.ts';
import { type ReadingOptions, readToPredict } from './read-as-configured.ts';
import { type Diameter, readingScale } from './reading-scale.ts';

/** How a file is read. */
export interface FileOptions extends ReadingOptions {
  /** Predictions per pixel too. */
  readonly withMaps: boolean;
  /** The size of its objects and of those of the training; by default images are read at their own size. */
  readonly sizes?: undefined | { readonly diameter: Diameter; readonly trained: number };
  /** Points at the objects of the image, for a network that is told where they are. */
  readonly clicksOn?: undefined | ((image: RgbPixels) => Promise<readonly Click[]>);
}

/** What was found in a file. */
export interface FilePrediction {
  readonly image: RgbPixels;
  readonly prediction: Prediction;
  /** Predictions per pixel of the image as it was read, computed when called for; none unless they were asked for. */
  readonly maps: () => Promise<PixelPredictions>;
  /** Finding and drawing objects, without reading files. */
  readonly seconds: number;
}

/** Predictions per pixel by name, [height * width]. */
export interface PixelPredictions {
  readonly height: number;
  readonly width: number;
  readonly byName: ReadonlyMap<string, Float32Array>;
  /** Which of them is the probability of foreground, if one is. */
  readonly foreground?: string | undefined;
}

/**
 * Separates the objects in an image file; the label map has the image's own size, at whatever scale it was read.
 * @param say - is told what is odd about the image.
 */
export async function predictFile(
  model: Model,
  file: string,
  { withMaps, sizes, clicksOn, ...reading }: FileOptions,
  say: (line: string) => void,
): Promise<FilePrediction> {
  const sayOfFile = (line: string): void => {
    say(`${file}: ${line}`);
  };
  const { network } = model;
  const image = await readToPredict(network.config, file, reading, say);
  const odd = oddKind(model, image);
  if (odd !== null) sayOfFile(odd);
  const started = performance.now();
  const scale = sizes === undefined ? 1 : await readingScale(model, image, sizes, sayOfFile);
  const scaled = scaleImage(image, scale);
  const clicks = clicksOn && scaleClicks(await clicksOn(image), image, scaled);
  const rule = network.config.test;
  const predictor = network.predictor();
  const { maps } = withMaps ? predictor : {};
  const { height, width } = scaled;
  if (maps === undefined) {
    const parts = readImageParts(predictor, scaled, rule, clicks);
    const prediction = await decidePrediction(predictor, parts, image, rule);
    return { image, prediction, maps: () => Promise.resolve(noMaps(scaled)), seconds: since(started) };
  }
  const readings: unknown[] = [];
  for await (const reading of readImageParts(predictor, scaled, maps.floorOf(rule), clicks)) readings.push(reading);
  const prediction = await decidePrediction(predictor, readings, image, rule);
  const seconds = since(started);
  const predictMaps = async (): Promise<PixelPredictions> => ({
    height,
    width,
    byName: await maps.predict(scaled, readings, rule),
    foreground: maps.foreground,
  });
  return { image, prediction, maps: predictMaps, seconds };
}

const noMaps = ({ height, width }: RgbPixels): PixelPredictions => ({ height, width, byName: new Map() });

const since = (started: number): number => Math.round(performance.now() - started) / 1000;
