import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openCocoPanoptic, type PanopticCategory } from '@pffnet/datasets';
import { LabelReview, sayNotes } from '@pffnet/datasets/image-files';
import { panopticClasses, panopticSegments } from '@pffnet/postprocess';
import type { Segments } from '@pffnet/structures';
import { type Truth, truthFolder } from '../truth.ts';

/** Panoptic segmentations by the names of their images. */
export interface PanopticSource {
  /** Where they come from, for messages: a JSON file, or a folder of label maps. */
  readonly source: string;
  /** `labels` know objects and background alone. */
  readonly form: 'coco' | 'labels';
  /** By id; empty where the file does not say. */
  readonly categories: ReadonlyMap<number, PanopticCategory>;
  readonly names: readonly string[];
  /** @param say - is told what readers noticed. */
  read(name: string, say?: (line: string) => void): Promise<Segments>;
  /**
   * Says what is odd about all that were read.
   * @throws DataError if they are masks of the foreground rather than label maps.
   */
  review(say: (line: string) => void): void;
}

/**
 * Opens segmentations by a path: a JSON file in COCO's panoptic form, a folder that holds `panoptic.json`, or a folder of
 * label maps.
 * @param pictures - see `labelFiles`.
 * @throws DataError if there is none of these, or the JSON is damaged.
 */
export async function openPanoptic(path: string, pictures: readonly string[] = []): Promise<PanopticSource> {
  const inside = join(path, 'panoptic.json');
  const json = /\.json$/i.test(path) ? path : existsSync(inside) ? inside : null;
  if (json !== null) return { form: 'coco', ...(await openCocoPanoptic(json)), review: () => undefined };
  return panopticOfLabels(await truthFolder(path, pictures));
}

/** The classes of label maps. */
export const classesOfLabels: ReadonlyMap<number, PanopticCategory> = new Map([
  [panopticClasses.object, { id: panopticClasses.object, name: 'object', isThing: true }],
  [panopticClasses.background, { id: panopticClasses.background, name: 'background', isThing: false }],
]);

/** Label maps as panoptic segmentations: every object is a thing, and background is stuff; nothing is void. */
export function panopticOfLabels({ source, names, read }: Truth): PanopticSource {
  const labelReview = new LabelReview();
  return {
    source,
    form: 'labels',
    categories: classesOfLabels,
    names,
    read: async (name, say = () => undefined) => {
      const labels = await read(name);
      sayNotes(labels, say);
      labelReview.add(name, { labels });
      return panopticSegments(labels);
    },
    review: (say) => {
      labelReview.refuseMasks(source);
      for (const line of labelReview.lines()) say(`${source}: ${line}`);
    },
  };
}
