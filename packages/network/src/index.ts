export { checkTerms } from './check-terms.ts';
export { type CoreValues, cutCore, joinCores } from './core-values.ts';
export { hasKey, keysOf, schemaOf } from './config-keys.ts';
export { fittingScale } from './fitting-scale.ts';
export { atShortSide, imageParts } from './image-parts.ts';
export { imageTensor, withoutPadding } from './image-tensor.ts';
export {
  type Decision,
  decide,
  decideAtOnce,
  type ForwardPass,
  type LearningStep,
  type LossTerms,
  withoutDecisions,
} from './learning-step.ts';
export { mergeConfig } from './merge-config.ts';
export type { LabelledImage, LossTermSpec, Network, Streams } from './network.ts';
export {
  commonKeys,
  type ConfigPatch,
  inputSchema,
  type NetworkConfig,
  readingRule,
  type ReadingRule,
  trainingSchema,
} from './network-config.ts';
export type {
  DataFinding,
  FamilyVariant,
  NetworkFamily,
  PretrainedStart,
  Profile,
  ProfileName,
} from './network-family.ts';
export { paperProfiles } from './paper-profiles.ts';
export { paperTraining } from './paper-training.ts';
export { parseConfig } from './parse-config.ts';
export { decidePrediction, predict, readImageParts } from './predict.ts';
export { readingOf } from './reading-of.ts';
export type {
  Click,
  FoundObject,
  ImagePart,
  ImageSize,
  PixelMaps,
  Prediction,
  Predictor,
  RuleGrid,
  RuleSettings,
  Strip,
} from './predictor.ts';
export { scaleClicks } from './scale-clicks.ts';
export { stripOfLabels } from './strip-of-labels.ts';
export { totalLoss } from './total-loss.ts';
export { unetPresets, unetTraining } from './unet-presets.ts';
export {
  AVERAGE,
  assignWeights,
  createWithWeights,
  encodeModel,
  encodePackedModel,
  MOMENTUM,
  readModelFile,
  readWeights,
  type StoredModel,
} from './weights-file.ts';
export { packWeights, SCALE, unpackWeights } from './packed-weights.ts';
export { assertUnchanged } from './weights-hash.ts';
export { withCurrent } from './with-current.ts';
