import { add } from '@tensorflow/tfjs-core';
import { type ParamScope, pasteWindows } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { mapPlanes } from './mask-channels.ts';
import { sumOverRois } from './over-rois.ts';
import type { FusionKind, InContext } from './fusion-kind.ts';
import { pastingOptions } from './fusion-options.ts';
import { type FusionRule, PastingFusion } from './pasting-fusion.ts';
import { padToImage } from './placement.ts';

/** F + the sum over RoIs of their mask logits, each channel on its own. */
export const rule: FusionRule = {
  effect(maskLogits, placement) {
    const sums = mapPlanes(maskLogits, 'both', (plane) =>
      sumOverRois(plane, placement, (masks, windows) => pasteWindows(masks, windows, placement.canvas)),
    );
    return padToImage(sums, placement, 0);
  },
  apply: (features, effect) => add(features, effect),
};

const schema = z.strictObject({ kind: z.literal('summation'), ...pastingOptions }).describe('F + M (Table IX b)');

/** F + the sum over RoIs of their mask logits, each channel on its own (Table IX b). */
export const summation = {
  schema,
  create: (scope: ParamScope, config: InContext<typeof schema>) => new PastingFusion(scope, config, rule),
} satisfies FusionKind;
