export { type CheckedData, checkData, checkJson, type DataCheckRequest } from './check-data.ts';
export { divideImages, type DivisionOptions, type Parts, usualValidation } from './divide-images.ts';
export { imagesToTuneOn, type TuningImages, type TuningOptions } from './images-to-tune-on.ts';
export { inPrecisionHere } from './in-precision-here.ts';
export { loadModel, type TestSettings } from './load-model.ts';
export { type MeanScores, measureLoss, type PackingLoss } from './measure-loss.ts';
export { ModelByImage } from './model-by-image.ts';
export { modelPath } from './model-path.ts';
export { type FileOptions, type FilePrediction, type PixelPredictions, predictFile } from './predict-file.ts';
export { type Diameter, trainedDiameter } from './reading-scale.ts';
export { assertPanoptic, PanopticFolder } from './panoptic-folder.ts';
export { type PackedModel, packRun, type PackRequest } from './pack-run.ts';
export { type TrainingObjects, trainingObjects } from './training-objects.ts';
export { demoPage, type DemoResult } from './page/demo-page.ts';
export { type DemoRequest, runDemo } from './run-demo.ts';
export { type Provenance, provenance } from './page/provenance.ts';
export { runPage, type RunResult } from './page/run-page.ts';
export { openDatasetFor } from './open-dataset-for.ts';
export { type ReadingOptions, readToPredict, settleScaling } from './read-as-configured.ts';
export { assertSameData, engineOf, type FactsRequest, runFacts, savedFacts } from './run-facts.ts';
export { scoreRun, type ScoringRequest } from './score-run.ts';
export { type RunOptions, type TestImages, testOfRun } from './test-of-run.ts';
export { type RunRequest, trainRun } from './train-run.ts';
export { type ConfigOptions, readConfigFile, startNetwork, trainingConfig } from './training-config.ts';
export { picturesBeside } from './picture-endings.ts';
export {
  panopticPicture,
  predictionFiles,
  type PredictionPlace,
  writeMaps,
  writePrediction,
} from './write-prediction.ts';
