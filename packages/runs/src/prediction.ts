/** What it takes to predict with a trained network, without what draws pages and trains. */
export { loadModel, type TestSettings } from './load-model.ts';
export { type ReadingOptions, readToPredict } from './read-as-configured.ts';
export { predictionFiles, type PredictionPlace, writeMaps, writePrediction } from './write-prediction.ts';
