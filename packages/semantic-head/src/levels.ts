import { addN, concat, type Tensor4D } from '@tensorflow/tfjs-core';
import { assertShape, conv2d, groupNorm, inSequence, type ParamScope, resizeBilinear } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import * as z from 'zod';
import type { SemanticFeatures } from './semantic-head.ts';

/** P2-P5: the levels that semantic heads on the pyramid read. */
export type Levels = readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D];

/** How levels of one size become one map. */
export const mergeSchema = z.enum(['sum', 'concat']);

/**
 * @returns P2-P5.
 * @throws ShapeError if a map has other channels, or is not twice as large as the next.
 */
export function levelsOf({ p }: SemanticFeatures, channels: number): Levels {
  const [, height, width] = p[3].shape;
  const levels: Levels = [p[0], p[1], p[2], p[3]];
  levels.forEach((map, level) => {
    const scale = 2 ** (3 - level);
    assertShape('predict', `P${level + 2}`, map, [1, height * scale, width * scale, channels]);
  });
  return levels;
}

/** Brings maps of P2-P5 to the size of P2 and makes one map of them. */
export function mergeLevels(levels: readonly Tensor4D[], merge: z.infer<typeof mergeSchema>): Tensor4D {
  const alike = levels.map((map, level) => (level === 0 ? map : enlarge(map, 2 ** level)));
  return merge === 'sum' ? addN(alike) : concat(alike, 3);
}

/** [1, h, w, c] -> [1, h * factor, w * factor, c], bilinear. */
export function enlarge(x: Tensor4D, factor: number): Tensor4D {
  const [, height, width] = x.shape;
  return resizeBilinear(x, height * factor, width * factor);
}

/** Sizes of a 3x3 convolution with its norm. */
export interface StageSpec {
  readonly inChannels: number;
  readonly channels: number;
  readonly groups: number;
}

/** A 3x3 convolution without bias, group norm, ReLU. Parameters: `conv` and `norm`. */
export function stage(scope: ParamScope, { inChannels, channels, groups }: StageSpec): (x: Tensor4D) => Tensor4D {
  const convolve = conv2d(scope.child('conv'), { kernel: 3, inChannels, outChannels: channels, bias: false });
  const normalize = groupNorm(scope.child('norm'), { channels, groups, activation: 'relu' });
  return inSequence(convolve, normalize);
}

/** @throws ConfigError unless whole groups of channels can be normalised. */
export function checkGroups(channels: number, groups: number): void {
  if (channels % groups === 0) return;
  throw new ConfigError(`semanticHead.groups: expected a divisor of ${channels} channels, got ${groups}`);
}
