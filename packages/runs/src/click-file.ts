import { type Point, readPoints } from '@pffnet/datasets/image-files';
import type { Model } from '@pffnet/models';
import type { ImageSize } from '@pffnet/network';
import { ConfigError, DataError, type LabelMap } from '@pffnet/structures';
import { type FilePrediction, predictFile } from './predict-file.ts';
import type { ReadingOptions } from './read-as-configured.ts';

/** What was found at clicks on an image. */
export interface ClickedPrediction extends FilePrediction {
  /** What became of clicks that gave no object of their own, a line each. */
  readonly remarks: readonly string[];
}

/**
 * Segments the objects of an image at which a person has pointed.
 * @param points - a file of {@link readPoints}.
 * @param say - is told what is odd about the image.
 * @throws ConfigError if the network takes no clicks; DataError if a click lies outside the image, or there is none.
 */
export async function clickFile(
  model: Model,
  file: string,
  points: string,
  reading: ReadingOptions,
  say: (line: string) => void,
): Promise<ClickedPrediction> {
  const { clicksFor, config } = model.network;
  if (clicksFor === undefined) {
    throw new ConfigError(
      `--model: a network of kind ${config.kind} finds objects by itself and takes no clicks; use pffnet predict, or a run of --variant nuclick`,
    );
  }
  const clicks = await readPoints(points);
  const clicksOn = (image: ImageSize): Promise<readonly Point[]> => {
    assertInside(clicks, points, image, file);
    return Promise.resolve(clicks);
  };
  const found = await predictFile(model, file, { ...reading, withMaps: false, clicksOn }, say);
  return { ...found, remarks: remarksOn(clicks, found.prediction.labels) };
}

function assertInside(clicks: readonly Point[], points: string, { height, width }: ImageSize, file: string): void {
  clicks.forEach(({ y, x }, index) => {
    if (y >= 0 && x >= 0 && y < height && x < width) return;
    throw new DataError(
      `${points}: click ${index + 1} at y ${y}, x ${x} lies outside ${file}, which has ${height} rows and ${width} columns; leave it out, or give the image that it is of`,
    );
  });
}

/** Says which clicks found nothing, and which found what another had found. */
export function remarksOn(clicks: readonly Point[], { width, data }: LabelMap): string[] {
  const first = new Map<number, number>();
  return clicks.flatMap(({ y, x }, index) => {
    const id = data[Math.floor(y) * width + Math.floor(x)];
    if (id === 0) {
      return [
        `click ${index + 1} at y ${y}, x ${x} is on background: no object was found there; leave it out, or click nearer to the middle of the object`,
      ];
    }
    const other = first.get(id);
    first.set(id, other ?? index);
    return other === undefined
      ? []
      : [`clicks ${other + 1} and ${index + 1} are on one object, which is counted once; leave one out`];
  });
}
