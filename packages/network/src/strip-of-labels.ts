import { boxesOfLabels, compactLabels, type LabelMap, resizeLabels } from '@pffnet/structures';
import type { FoundObject, ImageSize, Strip } from './predictor.ts';

/**
 * The prediction of a network that labels pixels and ranks no object: one strip.
 * @param labels - ids 1..n, of the image as it was read.
 * @param size - of the image to be labelled; objects too small to be seen in it are left out.
 */
export function stripOfLabels(labels: LabelMap, size: ImageSize): Strip {
  const resized =
    labels.height === size.height && labels.width === size.width
      ? labels
      : compactLabels(resizeLabels(labels, size)).labels;
  return { y: 0, labels: resized, instances: describe(resized) };
}

/** What is known of each object: where it is, and nothing else. */
function describe(labels: LabelMap): FoundObject[] {
  const areas: number[] = [];
  for (const id of labels.data) if (id !== 0) areas[id - 1] = (areas[id - 1] ?? 0) + 1;
  const boxes = boxesOfLabels(labels);
  return areas.map((area, index) => {
    const [y1, x1, y2, x2] = boxes.subarray(index * 4, index * 4 + 4);
    return { id: index + 1, box: [y1, x1, y2, x2], area, classScore: null, quality: null, confidence: null };
  });
}
