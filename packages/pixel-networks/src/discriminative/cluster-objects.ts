import { dropSmallObjects, meanShiftClusters } from '@pffnet/postprocess';
import { labelComponents, type LabelMap } from '@pffnet/structures';

/** Embeddings of pixels of an image. */
export interface EmbeddedPixels {
  readonly height: number;
  readonly width: number;
  /** [height * width] probabilities of foreground. */
  readonly foreground: Float32Array;
  readonly dimensions: number;
  /** Of the pixels that have one, in reading order, [pixels * dimensions]. */
  readonly embeddings: Float32Array;
  /** Pixels of a larger probability than this have an embedding. */
  readonly embeddedAbove: number;
}

/** How they are parted. */
export interface ClusterRule {
  /** At least `embeddedAbove`. */
  readonly minForeground: number;
  readonly bandwidth: number;
  readonly minArea: number;
}

/**
 * Parts each connected region of the foreground by mean-shift of its embeddings. Regions are parted on their own: a network
 * that sees an image through windows cannot tell two far objects apart that look alike, and need not.
 * @returns the connected regions of clusters, corners included, of at least `minArea` pixels.
 */
export function clusterObjects(pixels: EmbeddedPixels, { minForeground, bandwidth, minArea }: ClusterRule): LabelMap {
  const { height, width, foreground, dimensions, embeddings } = pixels;
  const isForeground = Uint8Array.from(foreground, (probability) => (probability > minForeground ? 1 : 0));
  const regions = labelComponents({ height, width, data: isForeground }, 8).data;
  const places = placesOf(pixels);
  const clusters = new Uint32Array(height * width);
  let known = 0;
  for (const region of pixelsByRegion(regions)) {
    const data = new Float32Array(region.length * dimensions);
    region.forEach((pixel, index) => {
      const from = places[pixel] * dimensions;
      data.set(embeddings.subarray(from, from + dimensions), index * dimensions);
    });
    const parted = meanShiftClusters({ dimensions, data }, bandwidth);
    let most = 0;
    region.forEach((pixel, index) => {
      clusters[pixel] = known + parted[index];
      most = Math.max(most, parted[index]);
    });
    known += most;
  }
  return dropSmallObjects(labelComponents({ height, width, data: clusters }, 8), minArea);
}

/** Per pixel, which of the embeddings is its own. */
function placesOf({ foreground, embeddedAbove }: EmbeddedPixels): Uint32Array {
  const places = new Uint32Array(foreground.length);
  let next = 0;
  for (let pixel = 0; pixel < places.length; pixel++) if (foreground[pixel] > embeddedAbove) places[pixel] = next++;
  return places;
}

/** The pixels of every region, in reading order. */
function pixelsByRegion(regions: Uint32Array): number[][] {
  const found: number[][] = [];
  for (let pixel = 0; pixel < regions.length; pixel++) {
    if (regions[pixel] !== 0) (found[regions[pixel] - 1] ??= []).push(pixel);
  }
  return found;
}
