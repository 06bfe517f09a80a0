import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@pffnet/datasets';
import { runHolder } from '@pffnet/run-folder';
import { engineOf, inPrecisionHere, openDatasetFor, runFacts, type RunRequest, trainRun } from '@pffnet/runs';
import { type Listener, nobody } from '@pffnet/structures';
import type { TrainingOutcome } from '@pffnet/training';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { Protocol } from '../matrix/protocol.ts';
import { openRunData } from './open-run-data.ts';
import { FAILURE } from './run-status.ts';

/** One run of a matrix, performed by this process. */
export interface PerformRequest {
  readonly run: PlannedRun;
  /** The folder that holds a folder per data set. */
  readonly data: string;
  /** The folder of all runs. */
  readonly out: string;
  /** Loads the engine; called when the images have been found. */
  readonly loadEngine: () => Promise<{ readonly description: string }>;
  /** The command that performs this run, as a person would type it; it stands in `run.json`. */
  readonly command: string;
  /** An error as the one line that watchers of the run read; by default its message. */
  readonly lineOf?: (error: unknown) => string;
  readonly listener?: Listener;
  /** Trains; by default until the last step. */
  readonly train?: RunRequest['train'];
}

/**
 * Begins a run of a matrix or goes on with it, to its scores. An error's one line is left in the run folder, for those who
 * watch it, and the error is thrown again. Where another process began this one and ends, this one is told to terminate.
 * @returns how training ended.
 */
export async function performRun(request: PerformRequest): Promise<TrainingOutcome> {
  const { run, out, lineOf = (error) => (error as Error).message } = request;
  const folder = join(out, run.id);
  endWithParent();
  try {
    await mkdir(folder, { recursive: true });
    await rm(join(folder, FAILURE), { force: true });
    return await trainInto(folder, request);
  } catch (error) {
    // A run that another process is at work on has not failed.
    if ((await runHolder(folder)) === null) await leaveWord(join(folder, FAILURE), lineOf(error));
    throw error;
  }
}

/** If the process that began this one dies, the run is saved and ended as by SIGTERM. */
function endWithParent(): void {
  const end = (): unknown => process.kill(process.pid, 'SIGTERM');
  process.once('disconnect', end);
  process.channel?.unref();
  // It died while this process loaded; undefined where nobody else began it.
  if ((process.connected as boolean | undefined) === false) end();
}

async function trainInto(folder: string, request: PerformRequest): Promise<TrainingOutcome> {
  const { run, data, loadEngine, command, listener = nobody, train } = request;
  const say = (line: string): void => listener.say(line);
  const images = await openRunData(run, data, (path) => openDatasetFor(run.config, path, say));
  const engine = await loadEngine();
  const config = await inPrecisionHere(run.config, folder, engine.description, say);
  const { variant, protocol, fold } = run;
  const facts = await runFacts({
    engine: engineOf(config, engine.description),
    command,
    ...images,
    experiment: {
      variant: variant.name,
      title: variant.title ?? variant.name,
      protocol: protocol.name,
      protocolTitle: protocol.title,
      fold,
      folds: foldCount(protocol),
      groups: images.groups,
    },
  });
  return trainRun({
    out: folder,
    config,
    dataset: images.dataset,
    facts,
    start: 'begin-or-resume',
    listener,
    ...(train === undefined ? {} : { train }),
  });
}

/** Writes the line of an error; if the disk is full, sends it to the process that began this one. */
async function leaveWord(file: string, line: string): Promise<void> {
  try {
    await writeAtomically(file, `${line}\n`);
  } catch {
    await new Promise<void>((told) => {
      if (process.connected) process.send?.(line, () => told());
      else told();
    });
  }
}

const foldCount = ({ division }: Protocol): number =>
  division.kind === 'cross-validation' ? division.folds.length : 1;
