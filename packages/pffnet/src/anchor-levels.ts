import { anchorsOfPyramid } from '@pffnet/instance-head';
import type { AnchorLevel } from './anchor-fit.ts';
import type { PffnetConfig } from './config.ts';

/** @returns the anchors of a config by pyramid level, P2 to P6. */
export function anchorLevels({ geometry, instanceHead: { anchors } }: PffnetConfig): AnchorLevel[] {
  const twoCells = anchors.sizes.map(() => ({ height: 1, width: 2 }));
  return anchorsOfPyramid(twoCells, anchors, geometry).map((boxes) => {
    const [first, second] = [boxes.slice(0, boxes.length / 2), boxes.subarray(boxes.length / 2)];
    // Boxes of the released code end on their last pixel, continuous ones behind it.
    const cell = geometry === 'legacy' ? first.map((edge, at) => (at % 4 < 2 ? edge : edge + 1)) : first;
    return { stride: Math.round(second[1] - first[1]), cell };
  });
}
