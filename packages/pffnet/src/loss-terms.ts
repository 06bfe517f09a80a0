import type { LossTermSpec } from '@pffnet/network';
import type { PffnetConfig } from './config.ts';
import type { TwoStageModules } from './two-stage-modules.ts';

/** Which branches a network has beside the detector. */
interface Branches {
  readonly quality: boolean;
  readonly semantic: boolean;
  readonly fused: boolean;
  readonly panoptic: boolean;
  readonly ranking: boolean;
}

/** The terms of Eq. 5 and the consistency of Eq. 4, in its order: those of the branches that a config names. */
export function termsOf(config: PffnetConfig): LossTermSpec[] {
  const { semanticHead, instanceHead, instanceSemantics } = config;
  return termsOfBranches(config, {
    quality: instanceHead.quality.kind !== 'none',
    semantic: semanticHead.kind !== 'none',
    fused: instanceSemantics.kind === 'pyramid-map',
    panoptic: instanceSemantics.kind === 'panoptic',
    ranking: instanceSemantics.kind === 'spatial-ranking',
  });
}

/** The terms of a network as it was built, perhaps of other modules than its config names. */
export function termsOfModules({ config, semanticHead, instanceSemantics }: TwoStageModules): LossTermSpec[] {
  return termsOfBranches(config, {
    quality: config.instanceHead.quality.kind !== 'none',
    semantic: semanticHead !== null,
    fused: instanceSemantics?.kind === 'pyramid-map',
    panoptic: instanceSemantics?.kind === 'panoptic',
    ranking: instanceSemantics?.kind === 'spatial-ranking',
  });
}

function termsOfBranches({ loss, instanceSemantics }: PffnetConfig, has: Branches): LossTermSpec[] {
  const { alpha1, alpha2, rois } = loss;
  const weight = 'weight' in instanceSemantics ? instanceSemantics.weight : 0;
  const term = (there: boolean, name: string, weight: number, symbol: string, meaning: string): LossTermSpec[] =>
    there ? [{ name, weight, symbol, meaning }] : [];
  return [
    term(true, 'rpn-objectness', 1, 'rpn-obj', 'proposals: object or not'),
    term(true, 'rpn-box', 1, 'rpn-reg', 'proposals: boxes'),
    term(true, 'box-class', 1, 'det-cls', 'instances: object or not'),
    term(true, 'box-regression', 1, 'det-reg', 'instances: boxes'),
    term(true, 'mask', 1, 'det-mask', 'instances: masks'),
    term(has.quality, 'quality', 1, 'det-qua', 'instances: quality of masks'),
    term(has.semantic, 'semantic', alpha1, 'semseg1', 'semantic branch'),
    term(has.semantic && rois > 0, 'roi-semantic', rois, 'sem-roi', 'semantic branch inside the boxes of true objects'),
    term(has.fused, 'fused-semantic', alpha1, 'semseg2', 'semantic map after fusion'),
    term(has.panoptic, 'panoptic', weight, 'panoptic', 'pixels to stuff, instances and void'),
    term(has.ranking, 'ranking', weight, 'rank', 'order of instances, by the pixels of their masks'),
    term(has.semantic && has.fused && alpha2 > 0, 'consistency', alpha2, 'sem-cons', 'both semantic maps agree'),
  ].flat();
}
