import { clone, relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';

/** What turns a fused map into logits: ReLU, 3x3, ReLU, 1x1; or nothing, when the map holds logits already. */
export type HeadKind = 'refine' | 'none';

/**
 * The layers behind a fused map, two channels throughout. Parameters: `refine` (3x3) and `project` (1x1), with biases.
 * @remarks Source: PFFNet, Fig. 2; no norm, as in the released code.
 */
export function fusionHead(scope: ParamScope, kind: HeadKind): (fused: Tensor4D) => Tensor4D {
  if (kind === 'none') return clone;
  const refine = conv2d(scope.child('refine'), { kernel: 3, inChannels: 2, outChannels: 2 });
  const project = conv2d(scope.child('project'), { kernel: 1, inChannels: 2, outChannels: 2 });
  return (fused) => tidy(() => project(relu(refine(relu(fused)))));
}
