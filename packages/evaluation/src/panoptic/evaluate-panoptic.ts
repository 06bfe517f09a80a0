import { type PanopticCategory, someNames } from '@pffnet/datasets';
import {
  addSegmentCounts,
  type SegmentCounts,
  segmentCounts,
  type SegmentQuality,
  segmentQuality,
} from '@pffnet/metrics';
import { DataError, type Listener, nobody, type Segments } from '@pffnet/structures';
import { assertGrouped, type GroupOptions, imageGroups } from '../image-groups.ts';
import { commonClasses } from './common-classes.ts';
import type { PanopticSource } from './panoptic-source.ts';

/** Panoptic segmentations to score. */
export interface PanopticRequest {
  readonly prediction: PanopticSource;
  readonly truth: PanopticSource;
  /** Which images count, and how they are grouped; by default all, in no groups. */
  readonly groups?: GroupOptions;
  /** Is told the progress, and what readers notice. */
  readonly listener?: Listener;
}

/** What one image scores. */
export interface PanopticImage {
  readonly name: string;
  readonly group: string | null;
  readonly quality: SegmentQuality;
}

/** The quality over the segments of all images of a group together. */
export interface PanopticSection {
  /** The group, or `all`. */
  readonly name: string;
  readonly imageCount: number;
  readonly quality: SegmentQuality;
}

/** Scored panoptic segmentations. */
export interface EvaluatedPanoptic {
  readonly categories: ReadonlyMap<number, PanopticCategory>;
  /** All images, then each group in ascending order of its name. */
  readonly sections: readonly PanopticSection[];
  readonly images: readonly PanopticImage[];
}

/**
 * Scores panoptic segmentations by COCO's panoptic quality: the matches of all images are counted together. Images are
 * paired by name; one is in memory at a time.
 * @throws DataError if a prediction is missing, sizes or classes do not fit, or a file is damaged; ConfigError if group
 * options do not go together.
 * @remarks sources.md row 54.
 */
export async function evaluatePanoptic(request: PanopticRequest): Promise<EvaluatedPanoptic> {
  const { prediction, truth, listener = nobody } = request;
  const options = request.groups ?? {};
  const groups = await imageGroups(options, truth.names);
  const names = truth.names.filter(groups.counts);
  assertPredicted(names, prediction, truth);
  assertGrouped(names, groups, options);
  const { categories, ofTruth, ofPrediction } = commonClasses(prediction, truth);
  const isThing = (key: number): boolean => categories.get(key)?.isThing === true;
  const scored = await listener.follow('scoring', names.length, async (progress) => {
    const counted: { name: string; group: string | null; counts: SegmentCounts }[] = [];
    const say = (line: string): void => {
      progress.say(line);
    };
    for (const [index, name] of names.entries()) {
      const right = ofTruth(await truth.read(name, say));
      const predicted = ofPrediction(await prediction.read(name, say), name);
      assertSameSize(name, predicted, right);
      counted.push({ name, group: groups.groupOf(name), counts: segmentCounts(predicted, right) });
      progress.update(index + 1, name);
    }
    for (const source of [truth, prediction]) source.review(say);
    return counted;
  });
  const section = (name: string, of: typeof scored): PanopticSection => ({
    name,
    imageCount: of.length,
    quality: segmentQuality(addSegmentCounts(of.map(({ counts }) => counts)), isThing),
  });
  const named = [...new Set(scored.map(({ group }) => group))].filter((group) => group !== null).sort();
  const images = scored.map(({ counts, ...image }) => ({ ...image, quality: segmentQuality(counts, isThing) }));
  return {
    categories,
    sections: [
      section('all', scored),
      ...named.map((name) =>
        section(
          name,
          scored.filter(({ group }) => group === name),
        ),
      ),
    ],
    images,
  };
}

function assertPredicted(names: readonly string[], prediction: PanopticSource, truth: PanopticSource): void {
  const there = new Set(prediction.names);
  const missing = names.filter((name) => !there.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${prediction.source} lacks ${missing.length} of the ${names.length} images of ${truth.source}: ${someNames(missing)}; predict them, or leave the others out with --split and --only`,
    );
  }
}

function assertSameSize(name: string, { map: predicted }: Segments, { map: truth }: Segments): void {
  if (predicted.height === truth.height && predicted.width === truth.width) return;
  throw new DataError(
    `${name}: the prediction has ${predicted.height} x ${predicted.width} pixels, the truth ${truth.height} x ${truth.width} (rows x columns); expected the same size; predict the image at its own size`,
  );
}
