import type { LossTermSpec } from '@pffnet/network';
import type { PffnetConfig } from './config.ts';
import { termsOfInstanceSemantics } from './instance-semantics/create-instance-semantics.ts';
import type { TwoStageModules } from './two-stage-modules.ts';

/** The terms of Eq. 5 and the consistency of Eq. 4, in its order: those of the branches that a config names. */
export function termsOf(config: PffnetConfig): LossTermSpec[] {
  return termsBeside(config, config.semanticHead.kind !== 'none');
}

/** The terms of a network as it was built, perhaps with another semantic branch than its config names. */
export function termsOfModules({ config, semanticHead }: TwoStageModules): LossTermSpec[] {
  return termsBeside(config, semanticHead !== null);
}

/** @param semantic - whether there is a semantic branch. */
function termsBeside({ loss, instanceHead, instanceSemantics }: PffnetConfig, semantic: boolean): LossTermSpec[] {
  const { alpha1, alpha2, rois } = loss;
  const term = (there: boolean, name: string, weight: number, symbol: string, meaning: string): LossTermSpec[] =>
    there ? [{ name, weight, symbol, meaning }] : [];
  return [
    ...term(true, 'rpn-objectness', 1, 'rpn-obj', 'proposals: object or not'),
    ...term(true, 'rpn-box', 1, 'rpn-reg', 'proposals: boxes'),
    ...term(true, 'box-class', 1, 'det-cls', 'instances: object or not'),
    ...term(true, 'box-regression', 1, 'det-reg', 'instances: boxes'),
    ...term(true, 'mask', 1, 'det-mask', 'instances: masks'),
    ...term(instanceHead.quality.kind !== 'none', 'quality', 1, 'det-qua', 'instances: quality of masks'),
    ...term(semantic, 'semantic', alpha1, 'semseg1', 'semantic branch'),
    ...term(semantic && rois > 0, 'roi-semantic', rois, 'sem-roi', 'semantic branch inside the boxes of true objects'),
    ...termsOfInstanceSemantics(instanceSemantics, { alpha1, alpha2, semantic }),
  ];
}
