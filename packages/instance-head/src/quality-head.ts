import { concat, reshape, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core';
import { constant, dense, normal, type ParamScope } from '@pffnet/tensor-ops';
import type { MaskPacking } from './config.ts';
import { convBlock } from './conv-block.ts';
import { denseBlock } from './dense-block.ts';
import { MASK_FEATURE_SIDE } from './mask-trunk.ts';
import { packedChannels, packMask } from './pack-mask.ts';

/** The quality head's shape. */
export interface QualityHeadSpec {
  /** Channels of the pyramid, and of the head's convolutions. */
  readonly channels: number;
  /** Width of both fully connected layers. */
  readonly hidden: number;
  readonly groups: number;
  readonly packing: MaskPacking;
  /** Quality that every mask is thought to have before anything is learned; 0 by default. */
  readonly initialQuality?: number;
}

/** RoI features [n, 14, 14, c] and foreground probabilities [n, 28, 28, 1] -> predicted mask quality [n], unbounded. */
export type QualityHead = (features: Tensor4D, probabilities: Tensor4D) => Tensor1D;

/**
 * Predicts how well each mask fits its object, from the RoI's features beside the mask itself. Gradients reach both.
 * @remarks Source: PFFNet, Table I; the fully connected layers have group norm as in the released code, which also has an
 * output for the background class that nothing reads.
 */
export function qualityHead(scope: ParamScope, spec: QualityHeadSpec): QualityHead {
  const { channels, hidden, groups, packing, initialQuality = 0 } = spec;
  const inChannels = channels + packedChannels(packing);
  const convolutions = [
    convBlock(scope.child('first'), { inChannels, outChannels: channels, groups }),
    convBlock(scope.child('second'), { inChannels: channels, outChannels: channels, groups }),
    convBlock(scope.child('third'), { inChannels: channels, outChannels: channels, groups }),
    convBlock(scope.child('fourth'), { inChannels: channels, outChannels: channels, stride: 2, groups }),
  ];
  const inputs = (MASK_FEATURE_SIDE / 2) ** 2 * channels;
  const connected = denseBlock(scope.child('connected1'), { inputs, outputs: hidden, groups });
  const connectedAgain = denseBlock(scope.child('connected2'), { inputs: hidden, outputs: hidden, groups });
  const predict = dense(scope.child('quality'), {
    inputs: hidden,
    outputs: 1,
    init: normal(0.01),
    biasInit: constant(initialQuality),
  });
  return (features, probabilities): Tensor1D => {
    const count = features.shape[0];
    const joined: Tensor4D = concat([features, packMask(probabilities, packing)], 3); // [n, 14, 14, inChannels]
    const seen = convolutions.reduce((x, block) => block(x), joined); // [n, 7, 7, channels]
    return reshape(predict(connectedAgain(connected(reshape(seen, [count, inputs])))), [count]);
  };
}
