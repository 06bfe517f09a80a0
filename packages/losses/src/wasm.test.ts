import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import '@tensorflow/tfjs-backend-wasm';
import {
  addN,
  grads,
  setBackend,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  boxLoss,
  consistencyLoss,
  maskLoss,
  proposalLoss,
  qualityLoss,
  qualityTargets,
  semanticLoss,
} from './index.ts';

/** Every term, out of six maps: objectness, deltas, class logits, box deltas, mask logits, qualities, two semantic maps. */
function everyTerm(masks: number, ...maps: Tensor[]): Tensor {
  const [objectness, deltas, logits, boxDeltas, maskLogits, quality, semantic, fused] = maps;
  const rpn = proposalLoss({
    objectness: [objectness as Tensor4D],
    deltas: [deltas as Tensor4D],
    positives: Int32Array.of(4),
    negatives: Int32Array.of(0, 7),
    targets: Float32Array.of(0.1, 0.2, 0.3, 0.4),
  });
  const box = boxLoss({
    logits: logits as Tensor2D,
    deltas: boxDeltas as Tensor2D,
    positiveCount: masks,
    deltaTargets: new Float32Array(masks * 4).fill(0.2),
  });
  const truth = {
    logits: maskLogits as Tensor4D,
    targets: Float32Array.from({ length: masks * 9 }, (_, cell) => cell % 2),
  };
  const target = qualityTargets({ ...truth, inBoxFraction: new Float32Array(masks).fill(0.8) });
  const foreground = Uint8Array.of(0, 1, 1, 0, 0, 1);
  const terms = {
    'rpn-objectness': rpn.objectness,
    'rpn-box': rpn.box,
    'box-class': box.classification,
    'box-regression': box.regression,
    mask: maskLoss(truth),
    quality: qualityLoss({ predicted: quality as Tensor1D, target }),
    semantic: semanticLoss({ logits: semantic as Tensor4D, foreground }),
    'fused-semantic': semanticLoss({ logits: fused as Tensor4D, foreground }),
    consistency: consistencyLoss(semantic as Tensor4D, fused as Tensor4D),
  };
  return addN(Object.values(terms));
}

/** Value and gradients on one engine. */
async function run(engine: string, masks: number): Promise<Float32Array[]> {
  await setBackend(engine);
  const shapes = [
    [1, 2, 2, 3],
    [1, 2, 2, 12],
    [masks, 2],
    [masks, 4],
    [masks, 3, 3, 2],
    [masks],
    [1, 2, 3, 2],
    [1, 2, 3, 2],
  ];
  const maps = shapes.map((shape, map) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(
      Float32Array.from({ length: size }, (_, at) => 3 * Math.sin(7 * map + 1.7 * at)),
      shape,
    );
  });
  const loss = (...inputs: Tensor[]): Tensor => everyTerm(masks, ...inputs);
  return [loss(...maps), ...grads(loss)(maps)].map((result) => result.dataSync() as Float32Array);
}

describe('the losses on WASM', () => {
  test.each([3, 0])('equal those of the CPU engine with %d masks, gradients included', async (masks) => {
    const [onWasm, onCpu] = [await run('wasm', masks), await run('cpu', masks)];
    onCpu.forEach((expected, index) => expect(onWasm[index]).toBeAllClose(expected, { atol: 1e-6, rtol: 1e-5 }));
  });
});
