export { errorPicture, type Fate, fateColours, type Fates, fatesOf } from './error-picture.ts';
export { type EvaluatedLabelMaps, evaluateLabelMaps, type LabelMapsRequest, showWorst } from './evaluate-label-maps.ts';
export {
  type ComparisonPlan,
  confidence,
  evaluateSections,
  type EvaluationRequest,
  type OtherMethod,
  resamples,
  type Section,
} from './evaluation.ts';
export { evaluationCsv, evaluationJson, type EvaluationNames, evaluationText, policyText } from './evaluation-text.ts';
export { type ExportKind, exportKinds } from './export-kinds.ts';
export { assertGrouped, type GroupOptions, type ImageGroups, imageGroups } from './image-groups.ts';
export { labelFiles } from './label-files.ts';
export { type LabelMapPair, pairLabelMaps, type PairingRequest } from './pair-label-maps.ts';
export { addSizes, type ScoredImage, scorePairs, type SizeCounts } from './score-pairs.ts';
export { scoresCsv, scoresJson, scoresLine, scoreText, warningLines } from './scores-text.ts';
export { type Truth, truthFolder } from './truth.ts';
export { imagesByName, type PagePicture, showImage, type ShownImage, worstOf } from './worst-images.ts';
export { type Window, worstWindow } from './worst-window.ts';
