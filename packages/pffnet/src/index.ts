export { decodeModel } from './model-file.ts';
export { encodeModel, predict, type Prediction } from '@pffnet/network';
export { type ConfigPatch, configSchema, type PffnetConfig, type TestRule } from './config.ts';
export {
  createPffnet,
  type InstanceSemantics,
  type ModuleFactories,
  type Pffnet,
  type TwoStageModules,
} from './create-pffnet.ts';
export { detect } from './detect.ts';
export { type Fidelity, readAs } from './fidelity.ts';
export { drawObjects, findObjects } from './find-objects.ts';
export { computeLosses, forwardPass } from './forward-pass.ts';
export { imageTensor } from './image-tensor.ts';
export { predictSemantics, type SemanticMaps } from './predict-semantics.ts';
export { presets } from './presets/index.ts';
export { profiles } from './profiles.ts';
export { type Sampling, supervise, type Supervision } from './supervision.ts';
export { type Truth, truthOf } from './truth.ts';
export { twoStage } from './two-stage.ts';
export { type VariantName, variants, variantTitles } from './variants.ts';
export { vary } from './vary.ts';
