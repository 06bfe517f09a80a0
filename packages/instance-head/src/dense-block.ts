import type { Tensor2D } from '@tensorflow/tfjs-core';
import { dense, groupNorm, inSequence, type ParamScope } from '@pffnet/tensor-ops';

/** A block's shape. */
export interface DenseBlockSpec {
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
}

/** [n, inputs] -> [n, outputs]. */
export type DenseBlock = (x: Tensor2D) => Tensor2D;

/** A fully connected layer without bias, group norm, ReLU. */
export function denseBlock(scope: ParamScope, { inputs, outputs, groups }: DenseBlockSpec): DenseBlock {
  const project = dense(scope.child('dense'), { inputs, outputs, bias: false });
  const normalize = groupNorm(scope.child('norm'), { channels: outputs, groups, activation: 'relu' });
  return inSequence(project, normalize);
}
