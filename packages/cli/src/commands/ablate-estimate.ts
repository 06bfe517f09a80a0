import { loadBackend } from '@pffnet/backends';
import { type Estimate, estimateRun, type PlannedRun, type Workload } from '@pffnet/experiments';
import { DataError } from '@pffnet/structures';
import { say } from '../console-output.ts';
import type { ComputeOptions } from '../options.ts';
import { oncePerFold, openData } from './ablate-data.ts';

/** The engine that runs on this machine would use. */
export async function engineOf(backend: ComputeOptions['backend']): Promise<string> {
  if (backend !== 'auto') return backend;
  const { name, dispose } = await loadBackend('auto');
  dispose();
  return name;
}

/** What every run would take; without data to look into, the steps alone. */
export async function estimatesOf(
  runs: readonly PlannedRun[],
  data: string | undefined,
  engine: string,
): Promise<Estimate[]> {
  const workloads = new Map<string, Workload>();
  const missing = new Set<string>();
  for (const run of oncePerFold(runs)) {
    const workload = await workloadOf(run, data);
    if (typeof workload === 'string') missing.add(`${run.protocol.name}: ${workload}`);
    else workloads.set(`${run.protocol.name}/${run.fold}`, workload);
  }
  for (const line of missing) say(`${line}; estimated without its images`);
  return runs.map((run) =>
    estimateRun(run.config, workloads.get(`${run.protocol.name}/${run.fold}`) ?? noImages, engine),
  );
}

const noImages: Workload = { validationImages: 0, testImages: 0, megapixels: 0 };

/** @returns what is wrong with the data, in words, where they cannot be read. */
async function workloadOf(run: PlannedRun, data: string | undefined): Promise<Workload | string> {
  try {
    const { dataset, validation, test } = await openData(run, data);
    const { image } = await dataset.load(test[0]);
    const megapixels = (image.height * image.width) / 1e6;
    return { validationImages: validation.length, testImages: test.length, megapixels };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message;
  }
}
