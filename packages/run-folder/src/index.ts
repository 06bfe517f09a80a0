export type { RunHolder } from './lock/run-holder.ts';
export { runHolder, RunLock, withRunLock } from './lock/run-lock.ts';
export { type LogEntry, type RunFacts, RunFolder, type RunPlace } from './run-folder.ts';
export { TrainingError } from './training-error.ts';
