import { add } from '@tensorflow/tfjs-core';
import { pasteWindows } from '@pffnet/tensor-ops';
import { mapPlanes } from './mask-channels.ts';
import { sumOverRois } from './over-rois.ts';
import type { FusionRule } from './pasting-fusion.ts';
import { padToImage } from './placement.ts';

/** F + the sum over RoIs of their mask logits, each channel on its own (Table IX b). */
export const summation: FusionRule = {
  effect(maskLogits, placement) {
    const sums = mapPlanes(maskLogits, 'both', (plane) =>
      sumOverRois(plane, placement, (masks, windows) => pasteWindows(masks, windows, placement.canvas)),
    );
    return padToImage(sums, placement, 0);
  },
  apply: (features, effect) => add(features, effect),
};
