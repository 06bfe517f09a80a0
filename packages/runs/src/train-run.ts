import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@pffnet/datasets';
import { counted } from '@pffnet/pages';
import { createNetwork, familyOf } from '@pffnet/families';
import { checkTerms, type NetworkConfig } from '@pffnet/network';
import { ConfigError, type Listener, nobody } from '@pffnet/structures';
import { firstDifference, train, type TrainingOutcome, type TrainingRequest } from '@pffnet/training';
import { type RunFacts, RunFolder, withRunLock } from '@pffnet/run-folder';
import { settleScaling } from './read-as-configured.ts';
import { assertSameData } from './run-facts.ts';
import { scoreRun } from './score-run.ts';
import { startNetwork } from './training-config.ts';

/** A run to begin or to go on with. */
export interface RunRequest {
  readonly out: string;
  readonly config: NetworkConfig;
  readonly dataset: Dataset;
  readonly facts: RunFacts;
  /** `begin` refuses a folder that holds a run, `resume` one that holds none. */
  readonly start: 'begin' | 'resume' | 'begin-or-resume';
  /** Is told what is wrong with the labels, what is trained, and the scores. */
  readonly listener?: Listener;
  /** Trains; by default until the last step. A program that shows each step, or stops at a signal, wraps `train`. */
  readonly train?: (request: TrainingRequest) => Promise<TrainingOutcome>;
}

/**
 * Trains a network and tests it on the images that `facts` names, with the run folder to itself. A training that was
 * interrupted is saved, unscored.
 * @throws ConfigError if the folder is another process's, or holds a run of another config or other images.
 */
export async function trainRun(asked: RunRequest): Promise<TrainingOutcome> {
  const request = { ...asked, config: await configOf(asked) };
  const { out, config, dataset, facts, listener = nobody } = request;
  const say = (line: string): void => listener.say(line);
  if (!goesOn(request)) await reviewLabels(request);
  // Before there is a folder, so that a config of which no network can be made leaves none behind.
  const network = createNetwork(config);
  try {
    checkTerms(network.terms);
    await startNetwork(network);
    return await withRunLock(out, async (lock) => {
      await RunFolder.removeHalfWritten(out);
      const { run, resume } = await openRun(request);
      for (const line of whatIsTrained(request)) say(line);
      const outcome = await (request.train ?? train)({
        network,
        dataset,
        train: facts.data.train,
        validation: facts.data.validation,
        run,
        resume,
        onStep: () => lock.assertHeld(),
      });
      if (outcome.interrupted) return outcome;
      const bestStep = outcome.best?.step ?? outcome.step;
      say(`trained ${counted(outcome.step, 'step')}; best weights (step ${bestStep}): ${run.bestWeights}`);
      network.scope.dispose(); // before the test, which loads the best weights into a network of its own
      if (facts.data.test.length > 0) await scoreRun({ run, facts, dataset, bestStep, listener });
      return outcome;
    });
  } finally {
    network.scope.dispose();
  }
}

function whatIsTrained({ config, facts: { engine, data } }: RunRequest): readonly string[] {
  const weights = familyOf(config).start?.fileOf(config) ?? 'random';
  return [
    `${config.preset} (${config.fidelity}) from ${weights} weights, seed ${config.seed}, on ${engine}`,
    `${counted(data.train.length, 'training image')}, ${counted(data.validation.length, 'validation image')}, ${counted(data.test.length, 'test image')}; ${counted(config.training.iterations, 'step')}`,
  ];
}

/**
 * The config with `auto` scaling replaced by the one that suits the data. A run that was begun with `auto` keeps it.
 * @throws ConfigError if there is no run to resume, before the lock creates the folder of a mistyped --out.
 */
async function configOf({ out, start, config, dataset }: RunRequest): Promise<NetworkConfig> {
  const begun = goesOn({ out, start }) ? (await RunFolder.open(out)).config : null;
  return begun?.input.scaling.kind === 'auto' ? config : settleScaling(config, dataset);
}

function goesOn({ out, start }: Pick<RunRequest, 'out' | 'start'>): boolean {
  return start === 'resume' || (start === 'begin-or-resume' && existsSync(join(out, 'config.json')));
}

/** Says what is wrong with the labels before a network learns it. */
async function reviewLabels({ dataset, facts: { data }, listener = nobody }: RunRequest): Promise<void> {
  const review = await dataset.reviewLabels?.([...data.train, ...data.validation, ...data.test]);
  if (review === undefined) return;
  review.refuseMasks(data.folder);
  for (const line of review.lines()) listener.say(line);
}

async function openRun({ out, start, config, facts }: RunRequest): Promise<{ run: RunFolder; resume: boolean }> {
  const resume = goesOn({ out, start });
  if (!resume) return { run: await RunFolder.create(out, config, facts), resume };
  const { run, config: saved } = await RunFolder.open(out);
  const difference = firstDifference(saved, config);
  if (difference !== null) {
    throw new ConfigError(`${out}: ${difference}; resume with the config of the run, or choose another --out folder`);
  }
  await assertSameData(out, facts);
  return { run, resume };
}
