import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-name.ts';
import type { Engine } from './engines/engine.ts';
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
export function surveyBackends(): Promise<BackendReport[]> {
  return survey(engines);
}

/** Tries these engines in order. */
export async function survey(candidates: readonly Engine[]): Promise<BackendReport[]> {
  const before = getBackend();
  const reports: BackendReport[] = [];
  for (const { name, remedy, open } of candidates) {
    const attempt = await open().then(
      ({ description, drawback, dispose }) => {
        dispose?.();
        const reason = drawback === undefined ? description : `${description}; auto passes over it: ${drawback}`;
        return { available: true, suitable: drawback === undefined, reason };
      },
      (error: Error) => ({ available: false, suitable: false, reason: error.message }),
    );
    const { available, suitable, reason } = attempt;
    reports.push({ name, available, reason, remedy, chosen: suitable && !reports.some(({ chosen }) => chosen) });
  }
  if (before) await setBackend(before);
  return reports;
}
