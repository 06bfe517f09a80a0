import { mergeTiles, type Tile } from '@pffnet/postprocess';
import { type Detections, type Geometry, resizeImage, type RgbImage } from '@pffnet/structures';
import type { PffnetConfig } from './config.ts';
import type { Pffnet } from './create-pffnet.ts';
import { detect } from './detect.ts';
import { partsOf } from './image-parts.ts';

/** What was detected in an image as the network read it: in parts, and perhaps at another size. */
export interface DetectedParts {
  /** Each part with its detections, boxes in its own pixels. */
  readonly parts: readonly { readonly tile: Tile; readonly detections: Detections }[];
  /** Rows and columns of the image for one that was read. */
  readonly down: number;
  readonly across: number;
}

/** Detects in every part that the config's `test.tiles` and `test.shortSide` make of an image. */
export async function detectParts(model: Pffnet, image: RgbImage): Promise<DetectedParts> {
  const { test } = model.config;
  const read = atShortSide(image, test.shortSide);
  const parts = [];
  for (const { tile, image: part } of partsOf(read, test.tiles)) {
    parts.push({ tile, detections: await detect(model, part) });
  }
  return { parts, down: image.height / read.height, across: image.width / read.width };
}

/** The detections of all parts, boxes in the image's pixels. */
export function joinParts({ parts, down, across }: DetectedParts, { geometry }: PffnetConfig): Detections {
  return scaleBoxes(mergeTiles(parts), down, across, geometry);
}

function atShortSide(image: RgbImage, side: number | null): RgbImage {
  if (side === null) return image;
  const factor = side / Math.min(image.height, image.width);
  const length = (pixels: number): number => Math.max(1, Math.round(pixels * factor));
  return resizeImage(image, { height: length(image.height), width: length(image.width) });
}

/** Detections of a resized image, in the pixels of the original. */
function scaleBoxes(detections: Detections, down: number, across: number, geometry: Geometry): Detections {
  if (down === 1 && across === 1) return detections;
  // An inclusive box ends where its last pixel does.
  const beyond = geometry === 'legacy' ? 1 : 0;
  const boxes = detections.boxes.map((edge, at) => {
    const scale = at % 2 === 0 ? down : across;
    return at % 4 < 2 ? edge * scale : (edge + beyond) * scale - beyond;
  });
  return { ...detections, boxes };
}
