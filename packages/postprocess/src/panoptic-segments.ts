import { compactLabels, type LabelMap, type Segments, ShapeError } from '@pffnet/structures';

/** The classes of a network that tells objects from background. */
export const panopticClasses = { object: 1, background: 2 } as const;

/**
 * Objects and background as a panoptic segmentation. Objects keep their pixels; of the others, those that are foreground
 * belong to an object that was not found, and are void.
 * @param foreground - [height * width] probability of foreground; by default none is, and every other pixel is background.
 * @returns objects numbered 1..n in the order of their ids, and n + 1 for background, if there is any.
 * @throws ShapeError if the map of probabilities has not the size of the label map.
 * @remarks Source: Kirillov et al. 2019 ("Panoptic feature pyramid networks"), Section 3; sources.md row 55.
 */
export function panopticSegments(labels: LabelMap, foreground?: Float32Array): Segments {
  const { height, width } = labels;
  if (foreground !== undefined && foreground.length !== height * width) {
    throw new ShapeError(
      `panopticSegments: expected ${height} x ${width} probabilities of foreground, got ${foreground.length}`,
    );
  }
  const { labels: objects, ids } = compactLabels(labels);
  const background = ids.length + 1;
  const data = Uint32Array.from(objects.data);
  let found = false;
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] !== 0 || (foreground !== undefined && foreground[pixel] > 0.5)) continue;
    data[pixel] = background;
    found = true;
  }
  const classOf = new Map(ids.map((_, index) => [index + 1, panopticClasses.object as number]));
  if (found) classOf.set(background, panopticClasses.background);
  return { map: { height, width, data }, classOf };
}
