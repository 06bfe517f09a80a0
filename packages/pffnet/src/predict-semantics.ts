import type { Detections, RgbImage } from '@pffnet/tensor-ops/structures';
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
import type { Pffnet } from './create-pffnet.ts';
import { imageTensor, withoutPadding } from './image-tensor.ts';

/** Foreground probability per pixel, [h * w], of each semantic prediction; null where the config has none. */
export interface SemanticMaps {
  readonly semantic: Float32Array | null;
  readonly fused: Float32Array | null;
}

/**
 * Both semantic predictions of one image, which training needs and label maps do not. The image is read as a whole, not in
 * tiles: memory follows its size.
 * @param detections - the image's objects, whose masks are fused into the map of the pyramid.
 */
export async function predictSemantics(model: Pffnet, image: RgbImage, detections: Detections): Promise<SemanticMaps> {
  const maps = tidy(() => {
    const pyramid = model.backbone.extract(imageTensor(image, model.config.input));
    const semantic = model.semanticHead === null ? [] : [withoutPadding(model.semanticHead.predict(pyramid), image)];
    if (model.instanceSemantics === null) return semantic.map(foreground);
    const { map, fusion } = model.instanceSemantics;
    const features = withoutPadding(map.predict(pyramid.p[0]), image);
    const fused = fusion.fuse({ features, maskLogits: maskLogits(detections), boxes: detections.boxes });
    return [...semantic, fused].map(foreground);
  });
  try {
    const values = await Promise.all(maps.map(async (map) => (await map.data()) as Float32Array));
    const semantic = model.semanticHead === null ? null : values[0];
    const fused = model.instanceSemantics === null ? null : values[values.length - 1];
    return { semantic, fused };
  } finally {
    dispose(maps);
  }
}

const foreground = (logits: Tensor4D): Tensor => reshape(slice(softmax(logits), [0, 0, 0, 1], [1, -1, -1, 1]), [-1]);

/** Logits [n, s, s, 2] whose sigmoid is the mask probability on the foreground channel and its complement on the other. */
function maskLogits({ count, masks, maskSide }: Detections): Tensor4D {
  // The probabilities come from float32 sigmoids: keep both logarithms finite.
  const safe = masks.map((p) => Math.min(1 - 1e-6, Math.max(1e-6, p)));
  const probability = tensor4d(safe, [count, maskSide, maskSide, 1]);
  const logit = sub(log(probability), log(sub(1, probability)));
  return reshape(stack([sub(0, logit), logit], 4), [count, maskSide, maskSide, 2]);
}
