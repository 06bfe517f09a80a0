import { add, maxPool, relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { inSequence, kaimingNormal, type ParamScope } from '@pffnet/tensor-ops';
import type { BackboneNorm } from './backbone-options.ts';
import { normalizedConv } from './normalized-conv.ts';
import type { BackbonePlan, BlockPlan } from './plan-backbone.ts';

/** [1, h, w, c] -> [1, h', w', c']. */
export type Stage = (x: Tensor4D) => Tensor4D;

/**
 * The bottom-up network, stage by stage: [stem, C2, C3, C4, C5].
 * @remarks Source: He et al. 2016; kernels start from N(0, 2 / fan out) (He et al. 2015, backward form), also those of
 * the 1x1 convolutions.
 */
export function resnet(scope: ParamScope, plan: BackbonePlan, norm: BackboneNorm): Stage[] {
  return [stem(scope, plan, norm), ...plan.stages.map((blocks) => residualStage(scope, blocks, norm))];
}

/** 7x7 convolution at stride 2, normalisation, ReLU, 3x3 max-pool at stride 2: [1, h, w, 3] -> [1, h/4, w/4, width]. */
export function stem(scope: ParamScope, plan: Pick<BackbonePlan, 'stem'>, norm: BackboneNorm): Stage {
  const layer = normalizedConv(scope, plan.stem, norm, kaimingNormal, 'relu');
  // On the WASM engine of TensorFlow.js 4.22 a window without a value above zero passes no gradient on. After a ReLU
  // there is none to pass.
  return inSequence(layer, (x) => maxPool(x, 3, 2, 1, 'floor'));
}

/** Residual blocks one after another; only the first may change the shape. */
export function residualStage(scope: ParamScope, plans: readonly BlockPlan[], norm: BackboneNorm): Stage {
  const blocks = plans.map((plan) => residualBlock(scope, plan, norm));
  return inSequence(...blocks);
}

/** relu(convolutions(x) + shortcut(x)), with a ReLU between the convolutions: basic block and bottleneck alike. */
export function residualBlock(scope: ParamScope, { convs, shortcut }: BlockPlan, norm: BackboneNorm): Stage {
  const layers = convs.map((conv, index) =>
    normalizedConv(scope, conv, norm, kaimingNormal, index < convs.length - 1 ? 'relu' : 'linear'),
  );
  const project = shortcut === undefined ? undefined : normalizedConv(scope, shortcut, norm, kaimingNormal);
  const convolve = inSequence(...layers);
  return (x) => tidy(() => relu(add(convolve(x), project === undefined ? x : project(x))));
}
