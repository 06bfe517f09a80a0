import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeAtomically } from '@pffnet/datasets';
import { FAILURE, openRunData, type PlannedRun, type Protocol, runStatus, type RunStatus } from '@pffnet/experiments';
import { runHolder } from '@pffnet/run-folder';
import { engineOf, inPrecisionHere, openDatasetFor, runFacts, trainRun } from '@pffnet/runs';
import { commandLine } from './call.ts';
import { say, terminal } from './console-output.ts';
import { trainVisibly } from './train-visibly.ts';
import { exitCode, explain } from './exit-code.ts';
import { type ComputeOptions, loadEngine } from './options.ts';

/** One run of a matrix, performed by a process of its own. */
export interface PerformRequest {
  readonly run: PlannedRun;
  /** The folder that holds a folder per data set. */
  readonly data: string;
  /** The folder of all runs. */
  readonly out: string;
  readonly backend: ComputeOptions['backend'];
  /** The words after `pffnet`. */
  readonly args: readonly string[];
}

/**
 * Begins a run of a matrix or goes on with it, to its scores. An error's one line is left in the run folder, for those who
 * watch it.
 * @returns the exit code.
 */
export async function performRun(request: PerformRequest): Promise<number> {
  const { run, data, out, backend, args } = request;
  const folder = join(out, run.id);
  // Whoever began this process may die without a word; the run is then saved and ended, as if asked to terminate.
  const end = (): unknown => process.kill(process.pid, 'SIGTERM');
  process.once('disconnect', end);
  process.channel?.unref();
  // It died while this process loaded; undefined where nobody else began it.
  if ((process.connected as boolean | undefined) === false) end();
  try {
    await mkdir(folder, { recursive: true });
    await rm(join(folder, FAILURE), { force: true });
    const images = await openRunData(run, data, (path) => openDatasetFor(run.config, path, say));
    const engine = await loadEngine({ backend });
    const config = await inPrecisionHere(run.config, folder, engine.description, say);
    const facts = await runFacts({
      engine: engineOf(config, engine.description),
      command: commandLine(args),
      ...images,
      experiment: {
        variant: run.variant.name,
        title: run.variant.title ?? run.variant.name,
        protocol: run.protocol.name,
        protocolTitle: run.protocol.title,
        fold: run.fold,
        folds: foldCount(run.protocol),
        groups: images.groups,
      },
    });
    const { interrupted } = await trainRun({
      out: folder,
      config,
      dataset: images.dataset,
      facts,
      start: 'begin-or-resume',
      listener: terminal,
      train: trainVisibly,
    });
    if (interrupted) say('stopped, saved');
    return interrupted ? exitCode.interrupted : exitCode.done;
  } catch (error) {
    // A run that another process is at work on has not failed.
    if ((await runHolder(folder)) === null) {
      await leaveWord(join(folder, FAILURE), explain(error).line);
    }
    throw error;
  }
}

/** Where the disk is too full for a line, whoever began this process is told. */
async function leaveWord(file: string, line: string): Promise<void> {
  try {
    await writeAtomically(file, new TextEncoder().encode(`${line}\n`));
  } catch {
    await new Promise<void>((told) => {
      if (process.connected) process.send?.(line, () => told());
      else told();
    });
  }
}

/** Between two looks at a run that another process is at work on. */
const LOOK_AGAIN = 5_000;

/**
 * Waits while another process is at work on a run: one that died with its host is taken for living until it has been
 * silent for long enough, and a requeued task comes earlier than that.
 */
export async function whenFree(folder: string, lookAgain = LOOK_AGAIN): Promise<RunStatus['kind']> {
  for (;;) {
    const { kind } = await runStatus(folder);
    if (kind !== 'running') return kind;
    await wait(lookAgain);
  }
}

const foldCount = ({ division }: Protocol): number =>
  division.kind === 'cross-validation' ? division.folds.length : 1;
