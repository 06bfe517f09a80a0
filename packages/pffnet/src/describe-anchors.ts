import type { DataFinding } from '@pffnet/network';
import type { Boxes } from '@pffnet/structures';
import { anchorFit } from './anchor-fit.ts';
import { anchorLevels } from './anchor-levels.ts';
import type { PffnetConfig } from './config.ts';

/** Overlaps that are asked for: what is background below, the usual middle, and what counts as a match. */
const ious = [0.3, 0.5, 0.7] as const;

/** How well one set of anchors fits the objects of a data set. */
export interface AnchorFit {
  /** The configs that have these anchors. */
  readonly configs: readonly string[];
  /** Whether one of them is the config that was asked for. */
  readonly asked: boolean;
  /** Pixels, P2 to P6. */
  readonly sizes: readonly number[];
  /** Height over width. */
  readonly ratios: readonly number[];
  /** Per IoU, the share of objects that some anchor overlaps so much, 0..1; null without objects. */
  readonly matched: Readonly<Record<'0.3' | '0.5' | '0.7', number | null>>;
  /** The median over objects of the largest IoU with any anchor; null without objects. */
  readonly medianIou: number | null;
}

/**
 * Fits the anchors of configs to the objects of a data set, at the scale of the image files.
 * @param boxes - [n * 4] tight boxes of the objects, image pixels.
 * @param configs - by name.
 * @param asked - the name of the config that a person asked about.
 */
export function describeAnchors(boxes: Boxes, configs: ReadonlyMap<string, PffnetConfig>, asked?: string): DataFinding {
  const fits = anchorFits(boxes, configs, asked);
  return {
    name: 'anchors',
    title: 'Anchors',
    explanation:
      'Share of the objects that some anchor of a preset overlaps by at least this IoU, before anything is learned. An object that no anchor overlaps by 0.7 is learned from the anchor that overlaps it most.',
    columns: ['anchors (pixels) that reach', ...ious.map((iou) => `IoU ${iou}`), 'median IoU'],
    rows: fits.map(({ configs: names, sizes, matched, medianIou, asked: main }) => ({
      cells: [
        `${names.join(', ')}: ${sizes.join(', ')}`,
        ...Object.values(matched).map(percent),
        medianIou?.toFixed(2) ?? '–',
      ],
      asked: main,
    })),
    values: fits,
    problems: anchorProblems(fits),
  };
}

/** One entry per different set of anchors. */
function anchorFits(boxes: Boxes, configs: ReadonlyMap<string, PffnetConfig>, asked?: string): AnchorFit[] {
  const groups = new Map<string, { config: PffnetConfig; names: string[] }>();
  for (const [name, config] of configs) {
    const key = JSON.stringify([config.geometry, config.instanceHead.anchors]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { config, names: [name] });
    else known.names.push(name);
  }
  return [...groups.values()].map(({ config, names }) => {
    const { sizes, ratios } = config.instanceHead.anchors;
    const best = anchorFit(boxes, anchorLevels(config)).sort();
    const matched = (iou: number): number | null =>
      best.length === 0 ? null : best.filter((fit) => fit >= Math.fround(iou)).length / best.length;
    return {
      configs: names,
      asked: asked !== undefined && names.includes(asked),
      sizes,
      ratios,
      matched: { '0.3': matched(0.3), '0.5': matched(0.5), '0.7': matched(0.7) },
      medianIou: medianOf(best),
    };
  });
}

function medianOf(sorted: Float32Array): number | null {
  const middle = (sorted.length - 1) / 2;
  return sorted.length === 0 ? null : (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** At this IoU and share, most objects are found by anchors that need not be forced on them. */
const FITTING = 0.9;

/** Warns of anchors that miss many objects: of those asked for, else of presets when another fits better. */
function anchorProblems(fits: readonly AnchorFit[]): DataFinding['problems'] {
  const share = ({ matched }: AnchorFit): number => matched['0.5'] ?? 1;
  const best = fits.reduce((a, b) => (share(b) > share(a) ? b : a));
  const looked = fits.some(({ asked }) => asked) ? fits.filter(({ asked }) => asked) : fits;
  return looked
    .filter((fit) => share(fit) < FITTING)
    .map((fit) => {
      const sizes = `anchors of ${fit.sizes[0]} to ${fit.sizes.at(-1)} pixels (${fit.configs.join(', ')})`;
      const mend =
        share(best) <= share(fit)
          ? 'choose sizes nearer to those of the objects with --set instanceHead.anchors.sizes=[…]'
          : `those of ${best.configs.join(', ')} reach ${percent(share(best))}: train with them, or with --set instanceHead.anchors.sizes=[${best.sizes.join(',')}]`;
      const line = `${sizes} overlap only ${percent(share(fit))} of the objects by IoU 0.5; ${mend}`;
      return { severity: fit.asked ? ('warning' as const) : ('note' as const), line };
    });
}

/** A share for people to read. */
const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
