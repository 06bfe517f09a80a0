import { add, type Tensor4D } from '@tensorflow/tfjs-core';
import { pixelShuffle } from '../ops/space-to-depth.ts';
import { type Conv2d, conv2d } from './conv2d.ts';
import { inSequence } from './in-sequence.ts';
import { constant, kaimingNormal } from './initializers.ts';
import type { ParamScope } from './param-scope.ts';

/** A transposed convolution's shape. */
export interface TransposedConv2dSpec {
  readonly inChannels: number;
  readonly outChannels: number;
}

/**
 * The 2x2 transposed convolution of stride 2: [n, h, w, inChannels] -> [n, 2h, 2w, outChannels]. Its windows do not
 * overlap, so it is a 1x1 convolution to four times the channels and a pixel shuffle, which every engine does well.
 * Parameters: `kernel` [1, 1, in, 4 * out], channel = 4 * out + 2 * row + column, and `bias` [out].
 */
export function transposedConv2d(scope: ParamScope, { inChannels, outChannels }: TransposedConv2dSpec): Conv2d {
  const shape = { kernel: 1, inChannels, outChannels: 4 * outChannels, bias: false, init: kaimingNormal };
  const project = conv2d(scope, shape);
  const bias = scope.param('bias', [outChannels], constant(0));
  return inSequence(
    project,
    (x) => pixelShuffle(x, 2),
    (x): Tensor4D => add(x, bias),
  );
}
