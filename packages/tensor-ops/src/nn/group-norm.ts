import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { groupNormalize, type NormActivation } from '../ops/group-normalize.ts';
import { constant } from './initializers.ts';
import type { ParamScope } from './param-scope.ts';

/** A group normalisation's shape. */
export interface GroupNormSpec {
  readonly channels: number;
  /** Divides `channels`; 32 in the paper. */
  readonly groups: number;
  /** What follows; linear by default. */
  readonly activation?: NormActivation;
}

/** Same shape out as in: [b, h, w, c] or [n, c]. */
export type GroupNorm = <T extends Tensor4D | Tensor2D>(x: T) => T;

/** Group normalisation with a learned `scale` [c] (1 at the start) and `shift` [c] (0), epsilon 1e-5. */
export function groupNorm(scope: ParamScope, { channels, groups, activation }: GroupNormSpec): GroupNorm {
  const scale = scope.param('scale', [channels], constant(1));
  const shift = scope.param('shift', [channels], constant(0));
  return (x) => groupNormalize(x, scale, shift, groups, activation);
}
