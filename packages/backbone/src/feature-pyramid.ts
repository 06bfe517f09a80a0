import { add, type Tensor4D } from '@tensorflow/tfjs-core';
import { type Conv2d, conv2d, kaimingUniform, type ParamScope, upsampleNearest } from '@pffnet/tensor-ops';
import type { Pyramid } from './backbone.ts';
import type { BackboneNorm } from './backbone-options.ts';
import { normalizedConv } from './normalized-conv.ts';
import type { BackbonePlan, ConvPlan } from './plan-backbone.ts';
import { subsample } from './subsample.ts';

/** C2 to C5 -> P2 to P6. Inside a tidy of the caller. */
export type FeaturePyramid = (c: Pyramid['c']) => [Tensor4D, Tensor4D, Tensor4D, Tensor4D, Tensor4D];

/**
 * The top-down network: M5 = lateral(C5), M_l = lateral(C_l) + upsample(M_{l+1}), P_l = output(M_l), and P6 every
 * second pixel of P5. No activation anywhere.
 * @remarks Source: Lin et al. 2017, §3; P6 from §4.1, footnote 2. Kernels start Kaiming-uniform with a = 1. With a
 * frozen-affine trunk there is nothing to freeze here: the convolutions have a bias and no normalisation, as published.
 */
export function featurePyramid(
  scope: ParamScope,
  plan: Pick<BackbonePlan, 'lateral' | 'output'>,
  norm: BackboneNorm,
): FeaturePyramid {
  const layer = (conv: ConvPlan): Conv2d =>
    norm.kind === 'group'
      ? normalizedConv(scope, conv, norm, kaimingUniform)
      : conv2d(scope.child(conv.conv), { ...conv, init: kaimingUniform });
  const [lateral2, lateral3, lateral4, lateral5] = plan.lateral.map(layer);
  const [output2, output3, output4, output5] = plan.output.map(layer);
  return ([c2, c3, c4, c5]) => {
    const m5 = lateral5(c5);
    const m4: Tensor4D = add(lateral4(c4), upsampleNearest(m5, 2));
    const m3: Tensor4D = add(lateral3(c3), upsampleNearest(m4, 2));
    const m2: Tensor4D = add(lateral2(c2), upsampleNearest(m3, 2));
    const p5 = output5(m5);
    return [output2(m2), output3(m3), output4(m4), p5, subsample(p5)];
  };
}
