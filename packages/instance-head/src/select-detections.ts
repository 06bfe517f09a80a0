import { boxArea, type Boxes, type Geometry, nonMaxSuppression } from '@pffnet/structures';
import { gatherBoxes } from './gather-boxes.ts';

/** What {@link selectDetections} chooses from. */
export interface DetectionInputs {
  /** [n * 4] refined boxes, image pixels. */
  readonly boxes: Boxes;
  /** [n] probability of the foreground class, 0..1. */
  readonly scores: Float32Array;
  /** Scores must exceed it; 0.05 in the paper. */
  readonly scoreThreshold: number;
  /** [n] how sure each detection is, which ranks them; by default the scores. */
  readonly ranks?: Float32Array;
  /** IoU above which the lower-ranked of two detections goes. */
  readonly nms: number;
  /** Largest number of detections; Infinity for all. */
  readonly limit: number;
  readonly geometry: Geometry;
}

/**
 * Chooses the detections among refined boxes: sure enough, not empty, not suppressed by a surer one, at most `limit`.
 * @returns [d] indices into `boxes` by descending rank.
 * @remarks Source: Girshick 2015. Of equal scores at the limit the released code keeps all, this the first.
 */
export function selectDetections(inputs: DetectionInputs): Int32Array {
  const { boxes, scores, scoreThreshold, ranks = scores, nms, limit, geometry } = inputs;
  const sure = Int32Array.from(scores, (_, index) => index).filter(
    (index) => scores[index] > scoreThreshold && boxArea(boxes, index, geometry) > 0,
  );
  const kept = nonMaxSuppression(
    gatherBoxes(boxes, sure),
    Float32Array.from(sure, (index) => ranks[index]),
    { iouThreshold: nms, geometry, limit },
  );
  return kept.map((place) => sure[place]);
}
