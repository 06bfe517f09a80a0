import { writeAtomically } from '@pffnet/datasets/image-files';
import type { ScoreName, ScorePolicy } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/structures';
import { tune, type TuningOutcome } from '@pffnet/training';
import { textTable } from '@pffnet/pages/text';
import { type GroupOptions, policyText, scoreText } from '@pffnet/evaluation';
import { imagesToTuneOn, loadModel, openDatasetFor, savedFacts } from '@pffnet/runs';
import { say, withProgress } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, openEngine } from '../options.ts';
import { untilInterrupted } from '../until-interrupted.ts';

/** The options of `evaluate --tune`. */
export interface TuneOptions extends ComputeOptions, GroupOptions {
  readonly model: string;
  readonly out: string;
  readonly data?: string;
  /** The score to maximise. */
  readonly by: ScoreName;
  readonly json?: string;
}

/** Searches settings of prediction on validation images and writes the best as a config patch. */
export async function tuneModel(options: TuneOptions, policy: ScorePolicy): Promise<number> {
  const facts = await savedFacts(options.model);
  const folder = options.data ?? facts?.data.folder;
  if (folder === undefined) {
    throw new ConfigError(
      `--model ${options.model}: a weights file does not say where validation images are; give --data`,
    );
  }
  await openEngine(options);
  const { network } = await loadModel(options.model);
  try {
    const dataset = await openDatasetFor(network.config, folder, say);
    const { names, said } = await imagesToTuneOn(dataset, facts, options, say);
    const outcome = await withProgress('tuning', names.length, (progress) =>
      untilInterrupted('image', (signal) =>
        tune({
          network,
          dataset,
          names,
          score: options.by,
          policy,
          onImage: (done, name) => {
            progress.update(done, name);
          },
          signal,
        }),
      ),
    );
    if (outcome === null) {
      say('stopped; nothing was written');
      return exitCode.interrupted;
    }
    const patch = { test: network.predictor().patchOf(outcome.tuned.settings) };
    await writeJson(options.out, patch);
    const json = { score: options.by, policy, model: options.model, data: folder, images: names, ...outcome, patch };
    if (options.json !== undefined && options.json !== '-') await writeJson(options.json, json);
    process.stdout.write(
      options.json === '-' ? jsonText(json) : `${said}\n${policyText(policy)}\n\n${outcomeText(outcome, options)}`,
    );
    return exitCode.done;
  } finally {
    network.scope.dispose();
  }
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const writeJson = (path: string, value: unknown): Promise<void> => writeAtomically(path, jsonText(value));

function outcomeText(
  { before, tuned, heldOut, tried, profiles }: TuningOutcome,
  { by, out, model }: TuneOptions,
): string {
  const names = Object.keys(tuned.settings);
  const settings = names.map((name) => [name, String(before.settings[name]), String(tuned.settings[name])]);
  const curves = names.map(
    (name) => `${name}: ${profiles[name].map(({ value, score }) => `${value} ${scoreText(score)}`).join(', ')}`,
  );
  return [
    textTable([['test.', 'before', 'tuned'], ...settings, [by, scoreText(before.score), scoreText(tuned.score)]]),
    `best of ${tried.toLocaleString('en')} combinations; ${expectation({ before, heldOut })}\n`,
    `\nbest ${by} that each value allows:\n${curves.join('\n')}\n`,
    `\n${out}: pffnet predict --settings ${out} --model ${model} …; also a part of a config file\n`,
  ].join('');
}

/** The tuned score is of the images that chose it; this is not. */
function expectation({ before, heldOut }: Pick<TuningOutcome, 'before' | 'heldOut'>): string {
  if (heldOut === null || before.score === null) return 'with one image there is no telling what it is on others';
  const words =
    heldOut > before.score
      ? `expect ${scoreText(heldOut)} on other images`
      : `the gain does not carry over (${scoreText(heldOut)}): keep the settings as they were, or tune on more images`;
  return `each image under the settings chosen by the others: ${words}`;
}
