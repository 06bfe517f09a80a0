export { firstDifference, type Progress, restoreCheckpoint, saveCheckpoint, saveWeights } from './checkpoint.ts';
export { EventFile } from './event-file.ts';
export { learningRateAt } from './learning-rate.ts';
export { PatchSource } from './patch-source.ts';
export { type LogEntry, type RunFacts, RunFolder, type RunPlace } from './run-folder.ts';
export { type RunHolder, runHolder, RunLock, withRunLock } from './run-lock.ts';
export { Sgd } from './sgd.ts';
export { type StepReport, train, type TrainingOutcome, type TrainingRequest, type ValidationReport } from './train.ts';
export { type StepLosses, type StepResult, type StepTimes, type TrainingSample, trainStep } from './train-step.ts';
export { TrainingError } from './training-error.ts';
export {
  combinationsOf,
  searchSettings,
  type SettingName,
  settingNames,
  type SettingsScore,
  type TunedSettings,
  type TuningGrid,
  type TuningOutcome,
} from './tuning/search-settings.ts';
export { settingsOf, settingsPatch, tune, type TuningRequest, usualGrid } from './tuning/tune.ts';
export { predictAndScore, type ScoredPrediction } from './validate.ts';
