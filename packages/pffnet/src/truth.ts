import { type Boxes, boxesOfLabels, type Geometry, type LabelMap, objectIds } from '@pffnet/structures';

/** What is true of one image, in the forms that losses compare with. */
export interface Truth {
  readonly labels: LabelMap;
  /** Ids of the objects, ascending. */
  readonly ids: readonly number[];
  /** [objects * 4] tight boxes in the order of `ids`, in the network's geometry. */
  readonly boxes: Boxes;
}

/** Reads the truth from a label map; an image without objects is a truth too. */
export function truthOf(labels: LabelMap, geometry: Geometry): Truth {
  const boxes = boxesOfLabels(labels);
  // Inclusive coordinates name the last pixel of a box, continuous ones its far edge.
  if (geometry === 'legacy')
    for (let at = 0; at < boxes.length; at += 4) boxes.set([boxes[at + 2] - 1, boxes[at + 3] - 1], at + 2);
  return { labels, ids: objectIds(labels), boxes };
}
