import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-name.ts';
import { engines } from './engines/engines.ts';

/** Whether one engine runs here. */
export interface BackendReport {
  readonly name: BackendName;
  readonly available: boolean;
  /** What the engine is when it is available, else why it cannot run here. */
  readonly reason: string;
  /** What to install or do to get it. */
  readonly remedy: string;
  /** Whether `auto` takes it. */
  readonly chosen: boolean;
}

/** Tries every engine, the one to prefer first, and leaves tfjs's backend as it was. */
export async function surveyBackends(): Promise<BackendReport[]> {
  const before = getBackend();
  const reports: BackendReport[] = [];
  for (const { name, remedy, open } of engines) {
    const attempt = await open().then(
      (reason) => ({ available: true, reason }),
      (error: Error) => ({ available: false, reason: error.message }),
    );
    const chosen = attempt.available && !reports.some((report) => report.available);
    reports.push({ name, remedy, chosen, ...attempt });
  }
  if (before) await setBackend(before);
  return reports;
}
