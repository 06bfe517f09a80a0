/** What it takes to predict with a trained network, without what draws pages and trains. */
export { clickFile, type ClickedPrediction } from './click-file.ts';
export { clicksFromLabels } from './clicks-from-labels.ts';
export { ModelByImage } from './model-by-image.ts';
export { type FilePrediction, predictFile } from './predict-file.ts';
export { type Diameter, trainedDiameter } from './reading-scale.ts';
export { loadModel, type TestSettings } from './load-model.ts';
export { type ReadingOptions, readToPredict } from './read-as-configured.ts';
export {
  panopticPicture,
  predictionFiles,
  type PredictionPlace,
  writeMaps,
  writePrediction,
} from './write-prediction.ts';
