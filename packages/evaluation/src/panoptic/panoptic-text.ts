import type { PanopticCategory } from '@pffnet/datasets';
import type { MeanQuality, PanopticQuality, SegmentQuality } from '@pffnet/metrics';
import { counted, textTable } from '@pffnet/pages/text';
import { stringify } from 'csv-stringify/sync';
import { scoreText } from '../scores-text.ts';
import type { EvaluatedPanoptic, PanopticSection } from './evaluate-panoptic.ts';

type Categories = EvaluatedPanoptic['categories'];

/** Which classes a row of the tables means over. */
const kinds = ['all', 'things', 'stuff'] as const;

/** The rule behind the scores, in one line. */
export const panopticRule =
  'rule: COCO; segments of one class match above IoU 0.5; void counts nowhere; PQ, SQ and DQ are means over classes, over the segments of all images together';

/** The tables of `evaluate --panoptic` for a terminal. */
export function panopticText({ sections, categories }: EvaluatedPanoptic): string {
  const shown = sections.length > 2 ? sections : sections.slice(0, 1);
  const parts = shown.map((section) => sectionText(section, categories, shown.length > 1));
  return [`${panopticRule}\n`, ...parts].join('\n');
}

function sectionText({ name, imageCount, quality }: PanopticSection, categories: Categories, grouped: boolean): string {
  const means = kinds.map((kind) => [kind, ...scoresText(quality[kind]), String(quality[kind].classes)]);
  const classes = sortedClasses(quality).map(([key, own]) => [
    className(categories.get(key), key),
    ...scoresText(own),
    ...[own.tp, own.fp, own.fn].map(String),
  ]);
  const head = `${grouped ? `${name}: ` : ''}${counted(imageCount, 'image')}`;
  return `${head}\n\n${textTable([['', 'PQ', 'SQ', 'DQ', 'classes'], ...means])}\n${textTable([['', 'PQ', 'SQ', 'DQ', 'TP', 'FP', 'FN'], ...classes])}`;
}

const scoresText = ({ pq, sq, dq }: Pick<MeanQuality, 'pq' | 'sq' | 'dq'>): string[] => [pq, sq, dq].map(scoreText);

const className = (category: PanopticCategory | undefined, key: number): string =>
  category === undefined ? String(key) : `${category.name} (${category.isThing ? 'things' : 'stuff'})`;

const sortedClasses = ({ byClass }: SegmentQuality): [number, PanopticQuality][] =>
  [...byClass].sort(([a], [b]) => a - b);

/** One row per image, with its group where there are some; undefined scores are empty. */
export function panopticCsv({ images, categories }: EvaluatedPanoptic): string {
  const grouped = images.some(({ group }) => group !== null);
  const suffix = (kind: (typeof kinds)[number]): string =>
    kind === 'all' ? '' : kind[0].toUpperCase() + kind.slice(1);
  const columns = kinds.flatMap((kind) => ['pq', 'sq', 'dq', 'tp', 'fp', 'fn'].map((score) => score + suffix(kind)));
  return stringify([
    ['name', ...(grouped ? ['group'] : []), ...columns],
    ...images.map(({ name, group, quality }) => [
      name,
      ...(grouped ? [group] : []),
      ...kinds.flatMap((kind) => {
        const { pq, sq, dq } = quality[kind];
        const counts = countsOf(quality, (key) => kind === 'all' || (categories.get(key)?.isThing === true) === (kind === 'things')); // prettier-ignore
        return [pq, sq, dq, ...counts];
      }),
    ]),
  ]);
}

/** True and false positives, and false negatives, of some classes. */
function countsOf({ byClass }: SegmentQuality, counts: (key: number) => boolean): [tp: number, fp: number, fn: number] {
  const chosen = [...byClass].filter(([key]) => counts(key)).map(([, own]) => own);
  const total = (of: (own: PanopticQuality) => number): number => chosen.reduce((sum, own) => sum + of(own), 0);
  return [total(({ tp }) => tp), total(({ fp }) => fp), total(({ fn }) => fn)];
}

/** Everything as `--json` writes it. */
export function panopticJson(
  { sections, images, categories }: EvaluatedPanoptic,
  names: { readonly pred: string; readonly truth: string },
): Record<string, unknown> {
  const quality = (of: SegmentQuality): Record<string, unknown> => ({
    all: of.all,
    things: of.things,
    stuff: of.stuff,
    classes: sortedClasses(of).map(([key, own]) => {
      const category = categories.get(key);
      return { id: key, name: category?.name ?? null, isThing: category?.isThing ?? null, ...own };
    }),
  });
  const [all, ...groups] = sections;
  return {
    ...names,
    imageCount: all.imageCount,
    ...quality(all.quality),
    images: images.map(({ name, group, quality: own }) => ({
      name,
      ...(group === null ? {} : { group }),
      ...quality(own),
    })),
    ...(groups.length === 0
      ? {}
      : {
          groups: Object.fromEntries(
            groups.map(({ name, imageCount, quality: own }) => [name, { imageCount, ...quality(own) }]),
          ),
        }),
  };
}
