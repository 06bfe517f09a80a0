export { boxLoss, type BoxLossInputs } from './box-loss.ts';
export { consistencyLoss } from './consistency-loss.ts';
export { maskLoss, type MaskLossInputs } from './mask-loss.ts';
export { type MaskTargetInputs, maskTargets, type MaskTargets } from './mask-targets.ts';
export { proposalLoss, type ProposalLossInputs } from './proposal-loss.ts';
export { qualityLoss, type QualityLossInputs } from './quality-loss.ts';
export { qualityTargets, type QualityTargetInputs } from './quality-targets.ts';
export { semanticLoss, type SemanticLossInputs } from './semantic-loss.ts';
export { smoothL1, type SmoothL1Inputs } from './smooth-l1.ts';
