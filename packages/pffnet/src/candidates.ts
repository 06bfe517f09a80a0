import { selectDetections } from '@pffnet/instance-head';
import type { Detections, RgbImage } from '@pffnet/structures';
import type { PffnetConfig } from './config.ts';
import type { Pffnet } from './create-pffnet.ts';
import { type DetectedParts, detectParts, joinParts } from './detect-parts.ts';

/**
 * Finds everything that could become a detection, each with its mask: the expensive half of `findObjects`, done once for
 * any number of choices by {@link chooseAmong}.
 * @param scoreThreshold - lowest class score that a choice may ask for.
 */
export function findCandidates(model: Pffnet, image: RgbImage, scoreThreshold: number): Promise<DetectedParts> {
  const { config } = model;
  const everything = { ...config.test, scoreThreshold, nms: 1, limit: null };
  return detectParts({ ...model, config: { ...config, test: everything } }, image);
}

/**
 * The detections that `findObjects` gives under a config's `test.scoreThreshold`, `test.nms` and `test.limit`.
 * @param candidates - found at the same or a lower score threshold.
 */
export function chooseAmong(candidates: DetectedParts, config: PffnetConfig): Detections {
  const { scoreThreshold, nms, limit } = config.test;
  const parts = candidates.parts.map(({ tile, detections }) => {
    const chosen = selectDetections({
      boxes: detections.boxes,
      scores: detections.classScores,
      scoreThreshold,
      nms,
      limit: limit ?? Infinity,
      geometry: config.geometry,
    });
    return { tile, detections: taken(detections, chosen) };
  });
  return joinParts({ ...candidates, parts }, config);
}

function taken({ boxes, classScores, qualities, masks, maskSide }: Detections, indices: Int32Array): Detections {
  const rows = (values: Float32Array, length: number): Float32Array<ArrayBuffer> => {
    const part = new Float32Array(indices.length * length);
    for (const [row, index] of indices.entries()) {
      part.set(values.subarray(index * length, (index + 1) * length), row * length);
    }
    return part;
  };
  return {
    count: indices.length,
    boxes: rows(boxes, 4),
    classScores: rows(classScores, 1),
    qualities: qualities === null ? null : rows(qualities, 1),
    maskSide,
    masks: rows(masks, maskSide * maskSide),
  };
}
