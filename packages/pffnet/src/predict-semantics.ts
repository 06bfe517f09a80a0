import { imageParts, imageTensor, withoutPadding } from '@pffnet/network';
import type { Tile } from '@pffnet/postprocess';
import type { InstanceFeatures } from '@pffnet/semantic-head';
import type { Detections, RgbImage, RgbPixels } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import {
  dispose,
  log,
  reshape,
  slice,
  softmax,
  stack,
  sub,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { TwoStageModules } from './two-stage-modules.ts';

/** Foreground probability per pixel, [h * w], of each semantic prediction; null where the config has none. */
export interface SemanticMaps {
  readonly semantic: Float32Array | null;
  readonly fused: Float32Array | null;
}

type PlacedMasks = Pick<Detections, 'count' | 'boxes' | 'masks' | 'maskSide'>;

/**
 * Both semantic predictions of one image, which training needs and label maps do not. Large images are read in the tiles
 * of {@link findObjects}: each pixel comes from the tile in whose core it lies.
 * @param detections - the image's objects, whose masks are fused into the map of the pyramid.
 */
export async function predictSemantics(
  model: TwoStageModules,
  image: RgbPixels,
  detections: Detections,
): Promise<SemanticMaps> {
  const pixels = image.height * image.width;
  const semantic = model.semanticHead === null ? null : new Float32Array(pixels);
  const fused = model.instanceSemantics === null ? null : new Float32Array(pixels);
  for (const { tile, image: part } of imageParts(image, model.config.test.tiles)) {
    const maps = await predictPart(model, part, seenIn(tile, detections));
    for (const [whole, map] of [
      [semantic, maps.semantic],
      [fused, maps.fused],
    ]) {
      if (whole !== null && map !== null) copyCore(map, tile, whole, image.width);
    }
  }
  return { semantic, fused };
}

async function predictPart(model: TwoStageModules, image: RgbImage, placed: PlacedMasks): Promise<SemanticMaps> {
  const computeMaps = (): Tensor[] => {
    const pyramid = model.backbone.extract(imageTensor(image, model.config.input));
    const { boxes } = placed;
    const logits = maskLogits(placed);
    const instances: InstanceFeatures = {
      get proposals() {
        return model.instanceHead.propose(pyramid.p).features;
      },
      maskLogits: logits,
      boxes,
    };
    const padded = model.semanticHead?.predict(pyramid, instances);
    const semantic = padded === undefined ? [] : [withoutPadding(padded, image)];
    if (model.instanceSemantics === null) return semantic.map(foreground);
    const fused = model.instanceSemantics.predict({
      semantic: padded ?? null,
      p2: pyramid.p[0],
      maskLogits: logits,
      boxes,
      image,
    });
    return [...semantic, fused].map(foreground);
  };
  const maps = withPrecision(model.config.test.precision, () => tidy(computeMaps));
  try {
    const values = await Promise.all(maps.map(async (map) => (await map.data()) as Float32Array));
    const semantic = model.semanticHead === null ? null : values[0];
    const fused = model.instanceSemantics === null ? null : values[values.length - 1];
    return { semantic, fused };
  } finally {
    dispose(maps);
  }
}

/** The masks whose box reaches into a tile, in their order, boxes in the tile's own pixels. */
function seenIn({ y, x, height, width }: Tile, { count, boxes, masks, maskSide }: PlacedMasks): PlacedMasks {
  const seen = Array.from({ length: count }, (_, index) => index).filter((index) => {
    const [y1, x1, y2, x2] = boxes.subarray(index * 4, index * 4 + 4);
    return y1 < y + height && y2 >= y && x1 < x + width && x2 >= x;
  });
  const cells = maskSide * maskSide;
  const seenBoxes = new Float32Array(seen.length * 4);
  const seenMasks = new Float32Array(seen.length * cells);
  seen.forEach((from, to) => {
    const [y1, x1, y2, x2] = boxes.subarray(from * 4, from * 4 + 4);
    seenBoxes.set([y1 - y, x1 - x, y2 - y, x2 - x], to * 4);
    seenMasks.set(masks.subarray(from * cells, (from + 1) * cells), to * cells);
  });
  return { count: seen.length, boxes: seenBoxes, masks: seenMasks, maskSide };
}

/** Copies the core of a tile from its map [height * width] into the image's. */
function copyCore(map: Float32Array, { y, x, width, core }: Tile, whole: Float32Array, imageWidth: number): void {
  for (let row = core.y1; row < core.y2; row++) {
    const from = (row - y) * width - x;
    whole.set(map.subarray(from + core.x1, from + core.x2), row * imageWidth + core.x1);
  }
}

const foreground = (logits: Tensor4D): Tensor => reshape(slice(softmax(logits), [0, 0, 0, 1], [1, -1, -1, 1]), [-1]);

/** Logits [n, s, s, 2] whose sigmoid is the mask probability on the foreground channel and its complement on the other. */
function maskLogits({ count, masks, maskSide }: PlacedMasks): Tensor4D {
  // The probabilities come from float32 sigmoids: keep both logarithms finite.
  const safe = masks.map((p) => Math.min(1 - 1e-6, Math.max(1e-6, p)));
  const probability = tensor4d(safe, [count, maskSide, maskSide, 1]);
  const logit = sub(log(probability), log(sub(1, probability)));
  return reshape(stack([sub(0, logit), logit], 4), [count, maskSide, maskSide, 2]);
}
