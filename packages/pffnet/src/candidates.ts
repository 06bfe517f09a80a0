import { selectDetections } from '@pffnet/instance-head';
import { mergeTiles, type Tile } from '@pffnet/postprocess';
import type { Detections, RgbImage } from '@pffnet/tensor-ops/structures';
import type { PffnetConfig } from './config.ts';
import type { Pffnet } from './create-pffnet.ts';
import { detect } from './detect.ts';
import { partsOf } from './image-parts.ts';

/** Everything in an image that could become a detection, tile by tile: what the network says before anything is chosen. */
export type Candidates = readonly { readonly tile: Tile; readonly detections: Detections }[];

/**
 * Finds every candidate above a score, each with its mask: the expensive half of `findObjects`, done once for any number
 * of choices by {@link chooseAmong}.
 * @param scoreThreshold - lowest class score that a choice may ask for.
 */
export async function findCandidates(model: Pffnet, image: RgbImage, scoreThreshold: number): Promise<Candidates> {
  const { config } = model;
  const open = { ...model, config: { ...config, test: { ...config.test, scoreThreshold, nms: 1, limit: null } } };
  const found = [];
  for (const { tile, image: part } of partsOf(image, config.test.tiles)) {
    found.push({ tile, detections: await detect(open, part) });
  }
  return found;
}

/**
 * The detections that `findObjects` gives under a config's `test.scoreThreshold`, `test.nms` and `test.limit`.
 * @param candidates - found at the same or a lower score threshold.
 */
export function chooseAmong(candidates: Candidates, { test, geometry }: PffnetConfig): Detections {
  return mergeTiles(
    candidates.map(({ tile, detections }) => {
      const kept = selectDetections({
        boxes: detections.boxes,
        scores: detections.classScores,
        scoreThreshold: test.scoreThreshold,
        nms: test.nms,
        limit: test.limit ?? Infinity,
        geometry,
      });
      return { tile, detections: taken(detections, kept) };
    }),
  );
}

function taken({ boxes, classScores, qualities, masks, maskSide }: Detections, indices: Int32Array): Detections {
  const rows = (values: Float32Array, length: number): Float32Array<ArrayBuffer> => {
    const part = new Float32Array(indices.length * length);
    for (const [row, index] of indices.entries())
      part.set(values.subarray(index * length, (index + 1) * length), row * length);
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
