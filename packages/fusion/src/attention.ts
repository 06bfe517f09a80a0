import type { Size } from '@pffnet/structures';
import { add, exp, log, log1p, maximum, minimum, mul, ones, sigmoid, sub, type Tensor4D } from '@tensorflow/tfjs-core';
import { type ParamScope, type PasteWindow, pasteWindows } from '@pffnet/tensor-ops';
import * as z from 'zod';
import type { FusionKind, InContext } from './fusion-kind.ts';
import { attentionOptions, type AttentionOptions } from './fusion-options.ts';
import { mapPlanes } from './mask-channels.ts';
import { maxOverRois, type RoiMaps, sumOverRois } from './over-rois.ts';
import { type FusionRule, PastingFusion } from './pasting-fusion.ts';
import { covered, padToImage, type Placement } from './placement.ts';

/**
 * No pixel is raised further than by 48 RoIs that are all certain of it: 2^48 = 2.8e14. From 2^64 on the square of a
 * gradient leaves float32 on its way through the optimiser, from 2^128 on (the paper's 128 RoIs) the factor itself.
 */
const LARGEST_EXPONENT = 48 * Math.LN2;

/** Stands for a probability that float32 rounds to zero, whose logarithm is not finite. */
const SMALLEST_PROBABILITY = 1e-30;

/**
 * Multiplies F by factors made of mask probabilities P: 1 + P (residual) or P, and 1 outside a mask's window.
 *
 * `sequential` takes the product over RoIs, as exp of a sum of logarithms, so that it needs no order and one pass:
 * F * exp(sum log(1 + P)) or F * exp(sum log P). `max` takes the largest P of a pixel once: F * (1 + max P) or F * max P.
 * @remarks Source: PFFNet, Algorithm 1 and Table IX c, d. Differs from both paper and released code where more than
 * 48 certain RoIs share a pixel: the residual factor stays at 2^48, and no gradient reaches the masks from there.
 */
function attentionRule(config: AttentionOptions, isResidual: boolean): FusionRule {
  const { channels, compose } = config;
  return {
    effect(maskLogits, placement) {
      const pasted = pasteProbabilities(config, placement);
      if (compose === 'max') {
        // F * (1 + x), where x = max P or, for the plain attention in windows, max P - 1.
        const raised = mapPlanes(maskLogits, channels, (plane) => {
          const largest = maxOverRois(plane, placement, pasted);
          return isResidual ? largest : sub(largest, covered(placement, 1, [0, 1]));
        });
        return padToImage(add(1, raised), placement, 1);
      }
      const logarithm = isResidual ? logOfResidual(pasted) : logOfAttention(pasted, placement);
      const exponent = mapPlanes(maskLogits, channels, (plane) => sumOverRois(plane, placement, logarithm));
      return padToImage(exp(minimum(exponent, LARGEST_EXPONENT)), placement, 1);
    },
    apply: (features, effect) => mul(features, effect),
  };
}

/** P in each mask's window, 0 outside. */
function pasteProbabilities({ order }: AttentionOptions, { canvas }: Placement): RoiMaps {
  if (order === 'sigmoid-resize') return (masks, windows) => pasteWindows(sigmoid(masks), windows, canvas);
  return (masks, windows) => mul(sigmoid(pasteWindows(masks, windows, canvas)), insideOf(windows, canvas));
}

/** log(1 + P), 0 outside. */
function logOfResidual(pasted: RoiMaps): RoiMaps {
  return (...rois) => log1p(pasted(...rois));
}

/** log P in each mask's window, 0 outside. */
function logOfAttention(pasted: RoiMaps, { canvas }: Placement): RoiMaps {
  return (masks, windows, first) => {
    const factors = add(pasted(masks, windows, first), sub(1, insideOf(windows, canvas)));
    return log(maximum(factors, SMALLEST_PROBABILITY));
  };
}

/** 1 in each window, 0 outside: [k, h, w, 1]. */
function insideOf(windows: readonly PasteWindow[], canvas: Size): Tensor4D {
  return pasteWindows(ones([windows.length, 1, 1, 1]), windows, canvas);
}

const schema = z.strictObject({ kind: z.literal('attention'), ...attentionOptions }).describe('F * P (Table IX c)');
const residualSchema = z
  .strictObject({ kind: z.literal('residual-attention'), ...attentionOptions })
  .describe("F * (1 + P) (Table IX d, the paper's residual attention)");

/** F * P (Table IX c). */
export const attention = {
  schema,
  create: (scope: ParamScope, config: InContext<typeof schema>) =>
    new PastingFusion(scope, config, attentionRule(config, false)),
} satisfies FusionKind;

/** F * (1 + P): Algorithm 1 (Table IX d). */
export const residualAttention = {
  schema: residualSchema,
  create: (scope: ParamScope, config: InContext<typeof residualSchema>) =>
    new PastingFusion(scope, config, attentionRule(config, true)),
} satisfies FusionKind;
