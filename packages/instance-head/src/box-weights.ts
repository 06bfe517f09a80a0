import type { BoxWeights } from '@pffnet/structures';

/** Scale of the deltas between anchors and objects. Source: Ren et al. 2015, Eq. 2. */
export const ANCHOR_WEIGHTS: BoxWeights = [1, 1, 1, 1];

/** Scale of the deltas between RoIs and objects, about one over their spread. Source: Girshick 2015, released code. */
export const ROI_WEIGHTS: BoxWeights = [10, 10, 5, 5];
