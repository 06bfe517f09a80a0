import { clone, relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { conv2d, identity, type InitialOutputs, kaimingUniform, type ParamScope } from '@pffnet/tensor-ops';

/** What turns a fused map into logits: ReLU, 3x3, ReLU, 1x1; or nothing, when the map holds logits already. */
export type HeadKind = 'refine' | 'none';

/**
 * The layers behind a fused map, two channels throughout. Parameters: `refine` (3x3) and `project` (1x1), with biases.
 *
 * Two channels drawn at random can end in a ReLU that is 0 everywhere, which never learns: 3 of 7 seeds of `small` did.
 * An `informed` start is the identity.
 * @remarks Source: PFFNet, Fig. 2; no norm, as in the released code. The informed start is ours.
 */
export function fusionHead(
  scope: ParamScope,
  kind: HeadKind,
  initialOutputs: InitialOutputs = 'published',
): (fused: Tensor4D) => Tensor4D {
  if (kind === 'none') return clone;
  const init = initialOutputs === 'informed' ? identity : kaimingUniform;
  const channels = { inChannels: 2, outChannels: 2, init };
  const refine = conv2d(scope.child('refine'), { kernel: 3, ...channels });
  const project = conv2d(scope.child('project'), { kernel: 1, ...channels });
  return (fused) => tidy(() => project(relu(refine(relu(fused)))));
}
