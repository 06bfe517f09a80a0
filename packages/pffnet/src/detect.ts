import { imageTensor } from '@pffnet/network';
import { anchorsOfPyramid, evenChunk, refineBoxes, selectDetections, selectProposals } from '@pffnet/instance-head';
import { roiAlignDirect, withPrecision } from '@pffnet/tensor-ops';
import type { Boxes, Detections, RgbImage, Size } from '@pffnet/structures';
import { dispose, sigmoid, slice, type Tensor, type Tensor4D, type TensorContainer, tidy } from '@tensorflow/tfjs-core';
import type { TestRule } from './config.ts';
import type { TwoStageModules } from './two-stage-modules.ts';

/** RoIs whose predictions are read back together: enough to keep an engine busy, few enough to bound memory. */
const CHUNKS_PER_READ = 8;

/** Whether a box that was found needs a mask: only these are described. */
export type Concern = (boxes: Boxes, scores: Float32Array, index: number) => boolean;

/**
 * Finds the objects of one image, or of one part of it. After this call nothing is a tensor.
 * @param image - any size.
 * @param rule - by default the config's: every detection above its score threshold is kept up to its limit.
 * @param concerns - which of these are described; by default all. The mask and quality heads see no others.
 * @returns detections in descending order of class score, boxes in the config's geometry.
 * @throws ConfigError if the engine does not have the rule's precision.
 * @remarks Source: Section III-E; sources.md rows P1, P18. Memory is bounded by the image and a few chunks of RoIs.
 */
export async function detect(
  model: TwoStageModules,
  image: RgbImage,
  rule: TestRule = model.config.test,
  concerns: Concern = () => true,
): Promise<Detections> {
  const { config, instanceHead } = model;
  const { geometry } = config;
  const { proposals: proposalRule, anchors: anchorConfig, chunk } = config.instanceHead;
  const imageSize = { height: image.height, width: image.width };
  const compute: Compute = (tensors) => withPrecision(rule.precision, () => tidy(tensors));
  const maps = compute(() => {
    const pyramid = model.backbone.extract(imageTensor(image, config.input));
    const { objectness, deltas } = instanceHead.propose(pyramid.p);
    return { p: [...pyramid.p], objectness, deltas };
  });
  const scene: Scene = { model, p: maps.p, perRead: chunk * CHUNKS_PER_READ, compute };
  try {
    const { boxes: proposals } = selectProposals({
      objectness: await Promise.all(maps.objectness.map(read)),
      deltas: await Promise.all(maps.deltas.map(read)),
      anchors: anchorsOfPyramid(
        maps.p.map(({ shape }) => ({ height: shape[1], width: shape[2] })),
        anchorConfig,
        geometry,
      ),
      imageSize,
      counts: proposalRule.test,
      nms: proposalRule.nms,
      minSize: proposalRule.minSize,
      geometry,
    });
    const { scores, boxes } = await classify(scene, proposals, imageSize);
    const { scoreThreshold, nms, limit } = rule;
    const kept = selectDetections({ boxes, scores, scoreThreshold, nms, limit: limit ?? Infinity, geometry }).filter(
      (index) => concerns(boxes, scores, index),
    );
    const keptBoxes = Float32Array.from({ length: kept.length * 4 }, (_, at) => boxes[kept[at >> 2] * 4 + (at & 3)]);
    const described = await describe(scene, keptBoxes);
    return {
      count: kept.length,
      boxes: keptBoxes,
      classScores: Float32Array.from(kept, (index) => scores[index]),
      ...described,
    };
  } finally {
    dispose(maps);
  }
}

/** Runs tensor code in the rule's precision and disposes of all but its results. */
type Compute = <T extends TensorContainer>(tensors: () => T) => T;

/** What both kinds of RoI heads look at. */
interface Scene {
  readonly model: TwoStageModules;
  /** P2 to P6. */
  readonly p: readonly Tensor4D[];
  /** RoIs whose predictions are read back together. */
  readonly perRead: number;
  readonly compute: Compute;
}

/** Foreground probability and refined box of every proposal. */
async function classify(
  { model, p, perRead, compute }: Scene,
  proposals: Boxes,
  imageSize: Size,
): Promise<{ scores: Float32Array; boxes: Boxes }> {
  const count = proposals.length / 4;
  const scores = new Float32Array(count);
  const boxes = new Float32Array(count * 4);
  for (let begin = 0; begin < count; begin += perRead) {
    const part = proposals.subarray(begin * 4, (begin + perRead) * 4);
    const described = compute(() => {
      const perRun = evenChunk(part.length / 4, perRead); // one run: the weights are read once for all
      const { logits, deltas } = model.instanceHead.predictBoxes(p, part, roiAlignDirect, perRun);
      return [logits, deltas];
    });
    try {
      const [logits, deltas] = await Promise.all(described.map(read));
      for (let row = 0; row < part.length / 4; row++) {
        scores[begin + row] = 1 / (1 + Math.exp(logits[2 * row] - logits[2 * row + 1]));
      }
      boxes.set(refineBoxes(part, deltas, imageSize, model.config.geometry), begin * 4);
    } finally {
      dispose(described);
    }
  }
  return { scores, boxes };
}

/** Mask and quality of every detection. */
async function describe(
  { model, p, perRead, compute }: Scene,
  boxes: Boxes,
): Promise<Pick<Detections, 'masks' | 'maskSide' | 'qualities'>> {
  const count = boxes.length / 4;
  let masks = new Float32Array(0);
  let maskSide = 0;
  let qualities: Float32Array | null = null;
  // Once even without boxes: the head knows what it describes.
  for (let begin = 0; begin === 0 || begin < count; begin += perRead) {
    const part = boxes.subarray(begin * 4, (begin + perRead) * 4);
    const described = compute(() => {
      const perRun = evenChunk(part.length / 4, model.config.instanceHead.chunk);
      const { maskLogits, quality } = model.instanceHead.predictMasks(p, part, roiAlignDirect, perRun);
      const [n, side] = maskLogits.shape;
      const probability = sigmoid(slice(maskLogits, [0, 0, 0, 1], [n, side, side, 1]));
      return quality === null ? [probability] : [probability, quality];
    });
    try {
      const [probability, quality] = (await Promise.all(described.map(read))) as [Float32Array, Float32Array?];
      if (begin === 0) {
        [, maskSide = 0] = described[0].shape;
        masks = new Float32Array(count * maskSide * maskSide);
        qualities = quality === undefined ? null : new Float32Array(count);
      }
      masks.set(probability, begin * maskSide * maskSide);
      if (quality !== undefined) qualities?.set(quality.map(toShare), begin);
    } finally {
      dispose(described);
    }
  }
  return { masks, maskSide, qualities };
}

const toShare = (value: number): number => Math.min(1, Math.max(0, value));

const read = async (values: Tensor): Promise<Float32Array> => (await values.data()) as Float32Array;
