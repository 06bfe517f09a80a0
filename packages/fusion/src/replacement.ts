import { add, mul, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import { type ParamScope, pasteWindows } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { mapPlanes } from './mask-channels.ts';
import { sumOverRois } from './over-rois.ts';
import type { FusionKind, InContext } from './fusion-kind.ts';
import { pastingOptions } from './fusion-options.ts';
import { type FusionRule, PastingFusion } from './pasting-fusion.ts';
import { covered, lastRois, padToImage } from './placement.ts';

const rule: FusionRule = {
  effect(maskLogits, placement) {
    const { canvas } = placement;
    const last = lastRois(placement);
    const pasted = mapPlanes(maskLogits, 'both', (plane) =>
      sumOverRois(plane, placement, (masks, windows, first) =>
        mul(pasteWindows(masks, windows, canvas), selection(last, first, windows.length, canvas.height)),
      ),
    );
    return padToImage(pasted, placement, 0);
  },
  apply: (features, effect, placement) =>
    add(mul(features, padToImage(covered(placement, 2, [1, 0]), placement, 1)), effect),
};

/** @returns [count, h, w, 1]: 1 where RoI `first` + i is the last one, else 0. */
function selection(last: Int32Array, first: number, count: number, height: number): Tensor4D {
  const values = new Float32Array(count * last.length);
  last.forEach((roi, pixel) => {
    if (roi >= first && roi < first + count) values[(roi - first) * last.length + pixel] = 1;
  });
  return tensor4d(values, [count, height, last.length / height, 1]);
}

const schema = z
  .strictObject({ kind: z.literal('replacement'), ...pastingOptions })
  .describe('M, the last RoI on top (Table IX a, and Cell R-CNN V2)');

/** Mask logits instead of F inside the boxes, each channel on its own, the last RoI on top (Table IX a). */
export const replacement = {
  schema,
  create: (scope: ParamScope, config: InContext<typeof schema>) => new PastingFusion(scope, config, rule),
} satisfies FusionKind;
