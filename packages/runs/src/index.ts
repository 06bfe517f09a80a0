export { divideImages, type DivisionOptions, type Parts, usualValidation } from './divide-images.ts';
export { imagesToTuneOn, type TuningImages, type TuningOptions } from './images-to-tune-on.ts';
export { inPrecisionHere } from './in-precision-here.ts';
export { loadModel, type TestSettings } from './load-model.ts';
export { demoPage, type DemoResult } from './page/demo-page.ts';
export { type Provenance, provenance } from './page/provenance.ts';
export { runPage, type RunResult } from './page/run-page.ts';
export { openDatasetFor, readingOf, type ReadingOptions, readToPredict, settleScaling } from './read-as-configured.ts';
export { assertSameData, engineOf, type FactsRequest, runFacts, savedFacts } from './run-facts.ts';
export { scoreRun, type ScoringRequest } from './score-run.ts';
export { type RunOptions, type TestImages, testOfRun } from './test-of-run.ts';
export { type RunRequest, trainRun } from './train-run.ts';
export { type ConfigOptions, readConfigFile, startNetwork, trainingConfig } from './training-config.ts';
export {
  picturesBeside,
  predictionFiles,
  type PredictionPlace,
  writeMaps,
  writePrediction,
} from './write-prediction.ts';
