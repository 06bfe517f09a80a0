import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-name.ts';
import { type Engine, remedyOf } from './engines/engine.ts';
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
  for (const engine of candidates) {
    const attempt = await tryOut(engine).catch((error: Error) => ({
      available: false,
      suitable: false,
      reason: error.message,
      remedy: remedyOf(engine, error),
    }));
    const { suitable, ...report } = attempt;
    reports.push({ name: engine.name, ...report, chosen: suitable && !reports.some(({ chosen }) => chosen) });
  }
  if (before) await setBackend(before);
  return reports;
}

/** Loads an engine, unless `auto` would not choose it anyway. */
async function tryOut(engine: Engine): Promise<Omit<BackendReport, 'name' | 'chosen'> & { suitable: boolean }> {
  const { remedy } = engine;
  const drawback = await engine.drawback?.();
  if (drawback !== undefined) {
    return { available: true, suitable: false, reason: `auto does not choose it: ${drawback}`, remedy };
  }
  const { description, dispose } = await engine.open();
  dispose?.();
  return { available: true, suitable: true, reason: description, remedy };
}
