import { anchorFit, distribution, type ImageSurvey, type Problem } from '@pffnet/datasets';
import { anchorLevels, type PffnetConfig, presets } from '@pffnet/pffnet';

/** Overlaps that are asked for: what is background below, the usual middle, and what counts as a match. */
export const anchorIous = [0.3, 0.5, 0.7] as const;

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
  /** Per IoU of {@link anchorIous}, the share of objects that some anchor overlaps so much, 0..1; null without objects. */
  readonly matched: Readonly<Record<'0.3' | '0.5' | '0.7', number | null>>;
  /** The median over objects of the largest IoU with any anchor; null without objects. */
  readonly medianIou: number | null;
}

/**
 * Fits the anchors of every preset, and of a config, to the objects of a data set, at the scale of the image files.
 * @param own - a config to be looked at besides the presets.
 * @returns one entry per different set of anchors.
 */
export function anchorFits(images: readonly ImageSurvey[], own?: PffnetConfig): AnchorFit[] {
  const boxes = Float32Array.from(images.flatMap(({ objects }) => objects.flatMap(({ box }) => box)));
  const groups = new Map<string, { config: PffnetConfig; names: Set<string> }>();
  const add = (name: string, config: PffnetConfig): void => {
    const key = JSON.stringify([config.geometry, config.instanceHead.anchors]);
    const group = groups.get(key) ?? { config, names: new Set<string>() };
    groups.set(key, { ...group, names: group.names.add(name) });
  };
  for (const [name, config] of Object.entries(presets)) add(name, config);
  if (own !== undefined) add('--config', own);
  return [...groups.values()].map(({ config, names }) => {
    const { sizes, ratios } = config.instanceHead.anchors;
    const best = anchorFit(boxes, anchorLevels(config));
    const matched = (iou: number): number | null =>
      best.length === 0 ? null : best.filter((fit) => fit >= Math.fround(iou)).length / best.length;
    return {
      configs: [...names],
      asked: names.has('--config'),
      sizes,
      ratios,
      matched: { '0.3': matched(0.3), '0.5': matched(0.5), '0.7': matched(0.7) },
      medianIou: distribution([...best])?.median ?? null,
    };
  });
}

/** At this IoU and share, most objects are found by anchors that need not be forced on them. */
const FITTING = 0.9;

/** Warns of anchors that miss many objects: of those asked for, else of presets when another fits better. */
export function anchorProblems(fits: readonly AnchorFit[]): Problem[] {
  const share = ({ matched }: AnchorFit): number => matched['0.5'] ?? 1;
  const best = fits.reduce((a, b) => (share(b) > share(a) ? b : a));
  const looked = fits.some(({ asked }) => asked) ? fits.filter(({ asked }) => asked) : fits;
  return looked
    .filter((fit) => share(fit) < FITTING)
    .map((fit) => {
      const sizes = `anchors of ${fit.sizes[0]} to ${fit.sizes.at(-1)} pixels (${fit.configs.join(', ')})`;
      const mend =
        fit === best
          ? 'choose sizes nearer to those of the objects with --set instanceHead.anchors.sizes=[…]'
          : `those of ${best.configs.join(', ')} reach ${percent(share(best))}: train with them, or with --set instanceHead.anchors.sizes=[${best.sizes.join(',')}]`;
      const line = `${sizes} overlap only ${percent(share(fit))} of the objects by IoU 0.5; ${mend}`;
      return { severity: fit.asked ? 'warning' : 'note', images: [], line };
    });
}

/** A share for people to read. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
