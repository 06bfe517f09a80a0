import { appendFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { type Dataset, syntheticDataset } from '@pffnet/datasets';
import { type ConfigPatch, createPffnet, decodeModel, type Pffnet, vary } from '@pffnet/pffnet';
import { decodeSafetensors } from '@pffnet/structures/safetensors';
import { ConfigError, DataError, labelMap, randomStream } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { type LogEntry, RunFolder } from '@pffnet/run-folder';
import {
  learningRateAt,
  PatchSource,
  restoreCheckpoint,
  saveCheckpoint,
  Sgd,
  type StepReport,
  train,
  TrainingError,
  type TrainingOutcome,
  type TrainingRequest,
  trainStep,
  type ValidationReport,
} from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';

// The whole network with its gradients is too much for the reference engine (CPU).
await loadBackend('wasm');

const path = temporaryFolder();
const dataset = syntheticDataset({ count: 4, size: 64, seed: 5 });
const [first, second, third, held] = dataset.names;
const facts = {
  commit: null,
  versions: {},
  engine: 'wasm',
  command: 'a test',
  data: { folder: '', hash: '', train: [], validation: [], test: [] },
};
/** Everything that the network says is painted, so that even the first predictions score above 0. */
const paintAll: ConfigPatch = { test: { scoreThreshold: 0, minScore: 0 } };

/** Makes a network, trains it in the run folder `name`, and frees it. */
async function trainIn(
  name: string,
  patch: ConfigPatch,
  request: Partial<TrainingRequest> | ((model: Pffnet) => Partial<TrainingRequest>) = {},
): Promise<TrainingOutcome> {
  const config = vary(tiny, patch);
  const model = createPffnet(config);
  const more = typeof request === 'function' ? request(model) : request;
  const run =
    more.resume === true ? (await RunFolder.open(path(name))).run : await RunFolder.create(path(name), config, facts);
  try {
    return await train({
      network: model,
      dataset,
      train: [first, second, third],
      validation: [held],
      run,
      resume: false,
      ...more,
    });
  } finally {
    model.scope.dispose();
  }
}

const lastOf = (name: string): Buffer => readFileSync(path(name, 'checkpoints', 'last.safetensors'));
const bestOf = (name: string): Buffer => readFileSync(path(name, 'checkpoints', 'best.safetensors'));

/** The log without what a clock says. */
async function logOf(name: string): Promise<LogEntry[]> {
  const { run } = await RunFolder.open(path(name));
  return (await run.readLog()).map(({ seconds: _, ...entry }) => entry as LogEntry);
}

/** Aborts when `step` is done. */
function abortAfter(step: number): Pick<TrainingRequest, 'signal' | 'onStep'> {
  const controller = new AbortController();
  const onStep = (report: StepReport): void => {
    if (report.step === step) controller.abort();
  };
  return { signal: controller.signal, onStep };
}

/** Sets a parameter to one value everywhere. */
function fill({ scope }: Pffnet, name: string, value: number): void {
  const variable = scope.variables().get(name);
  if (variable === undefined) throw new Error(`there is no ${name}`);
  scope.assign(new Map([[name, { shape: variable.shape, data: new Float32Array(variable.size).fill(value) }]]));
}

describe('20 steps in one go are 10 and, from the checkpoint, 10 more, bit for bit', () => {
  const twenty = { training: { iterations: 20, validateEvery: 10, warmup: { iterations: 5 } } };
  let outcome: TrainingOutcome;
  let log: LogEntry[];

  beforeAll(async () => {
    const before = memory().numTensors;
    outcome = await trainIn('whole', twenty);
    expect(memory().numTensors).toBe(before);
    log = await logOf('whole');
  });

  test('in one go: every step is logged once, every tenth validates', () => {
    expect(outcome).toMatchObject({ step: 20, interrupted: false });
    const tens = (start: number): unknown[] => Array.from({ length: 10 }, (_, index) => start + index);
    expect(log.map(({ step, kind }) => kind ?? step)).toEqual([...tens(1), 'validation', ...tens(11), 'validation']);
  });

  test('gradients by group are logged at the first step', () => {
    const steps = log.filter(({ kind }) => kind === undefined);
    expect(steps.map(({ gradients }) => gradients !== undefined)).toEqual(steps.map(({ step }) => step === 1));
    expect(steps[0].gradients).toEqual({
      norm: expect.any(Number),
      clipping: expect.any(Number),
      byGroup: expect.objectContaining({ trunk: expect.any(Number), quality: expect.any(Number) }),
    });
  });

  test('by hand: two networks, two optimisers, and nothing but the file between them', async () => {
    const before = memory().numTensors;
    const config = vary(tiny, twenty);
    const losses: unknown[] = [];
    for (const start of [0, 10]) {
      const model = createPffnet(config);
      const optimiser = new Sgd(model.trainable, config.training);
      const patches = new PatchSource(dataset, [first, second, third], config);
      if (start > 0)
        expect(await restoreCheckpoint(path('by-hand'), model, { optimiser, average: null })).toMatchObject({
          step: start,
        });
      for (let step = start; step < start + 10; step++) {
        const rate = learningRateAt(step, config.training);
        const streams = (purpose: string) => randomStream(config.seed, `${purpose}/${step}`);
        const inputs = { sample: await patches.draw(step), streams, rate };
        losses.push((await trainStep(model, optimiser, inputs)).losses);
      }
      await saveCheckpoint(
        path('by-hand'),
        model,
        { optimiser, average: null },
        { step: start + 10, best: outcome.best },
      );
      optimiser.dispose();
      model.scope.dispose();
    }
    expect(memory().numTensors).toBe(before);
    const steps = log.filter(({ kind }) => kind === undefined);
    expect(losses).toEqual(steps.map(({ step: _, learningRate: __, gradients: ___, ...terms }) => terms));
    expect(readFileSync(path('by-hand')).equals(lastOf('whole'))).toBe(true);
  });

  test('through train: stopped, killed a little later while it wrote its log, and resumed', async () => {
    expect(await trainIn('in-two', twenty, abortAfter(10))).toMatchObject({ step: 10, interrupted: true });
    appendFileSync(path('in-two', 'log.jsonl'), '{"step":11,"total":9}\n{"step":12,"tot');
    expect(await trainIn('in-two', twenty, { resume: true })).toEqual(outcome);
    expect(await logOf('in-two')).toEqual(log);
    expect(lastOf('in-two').equals(lastOf('whole'))).toBe(true);
    expect(bestOf('in-two').equals(bestOf('whole'))).toBe(true);
  });
});

describe('with averaged weights', () => {
  const averaged = {
    training: { iterations: 6, validateEvery: 3, weightAverage: { kind: 'exponential', decay: 0.5 } },
  } as const;

  test('the best weights are the averages, the last ones those of the step; both resume bit for bit', async () => {
    // Without validation images, the newest weights are the best.
    await trainIn('averaged', averaged, { validation: [] });
    await trainIn('averaged-in-two', averaged, { ...abortAfter(4), validation: [] });
    await trainIn('averaged-in-two', averaged, { resume: true, validation: [] });
    expect(lastOf('averaged-in-two').equals(lastOf('averaged'))).toBe(true);
    expect(bestOf('averaged-in-two').equals(bestOf('averaged'))).toBe(true);
    const last = decodeSafetensors(lastOf('averaged'));
    const best = decodeSafetensors(bestOf('averaged'));
    const name = 'instance/box/logits/kernel';
    expect(best.tensors.get(name)).toEqual(last.tensors.get(`average/${name}`));
    expect(best.tensors.get(name)).not.toEqual(last.tensors.get(name));
  });
});

describe('train', () => {
  test('keeps the weights of the best validation, and those alone', async () => {
    const reports: ValidationReport[] = [];
    const outcome = await trainIn('best', { training: { iterations: 6, validateEvery: 2 }, ...paintAll }, (model) => ({
      onValidation: (report) => {
        reports.push(report);
        // After the first validation nothing is an object any more.
        fill(model, 'instance/box/logits/kernel', 0);
        model.scope.assign(new Map([['instance/box/logits/bias', { shape: [2], data: Float32Array.of(1e4, -1e4) }]]));
      },
    }));
    expect(reports.map(({ step, best }) => [step, best])).toEqual([
      [2, true],
      [4, false],
      [6, false],
    ]);
    expect(reports[0].aji).toBeGreaterThan(0);
    expect(reports.slice(1).map(({ aji, dice, f1, pq }) => [aji, dice, f1, pq])).toEqual(Array(2).fill([0, 0, 0, 0]));
    expect(outcome).toEqual({ step: 6, best: { aji: reports[0].aji, step: 2 }, interrupted: false });
    expect(decodeSafetensors(bestOf('best')).metadata).toMatchObject({
      step: '2',
      validationAji: String(reports[0].aji),
    });
    expect((await logOf('best')).filter(({ kind }) => kind === 'validation')).toEqual(
      reports.map((report) => ({ ...report, kind: 'validation' })),
    );
    decodeModel(bestOf('best'), 'best').scope.dispose();
  });

  test('without validation images, the newest weights are the best', async () => {
    const steps = { training: { iterations: 3, validateEvery: 2 } };
    const outcome = await trainIn('no-validation', steps, { validation: [] });
    expect(outcome).toEqual({ step: 3, best: { aji: null, step: 3 }, interrupted: false });
    expect(decodeSafetensors(bestOf('no-validation')).metadata).toMatchObject({ step: '3' });
  });

  test('an image without objects may validate, where nothing found is no worse than before', async () => {
    const withEmpty: Dataset = {
      names: [...dataset.names, 'empty'],
      load: async (name) =>
        name === 'empty' ? { ...(await dataset.load(first)), name, labels: labelMap(64, 64) } : dataset.load(name),
    };
    const ajis: (number | null)[] = [];
    await trainIn('empty', { training: { iterations: 2, validateEvery: 1 }, ...paintAll }, (model) => ({
      dataset: withEmpty,
      validation: ['empty'],
      onValidation: ({ aji }) => {
        ajis.push(aji);
        fill(model, 'instance/box/logits/kernel', 0);
        model.scope.assign(new Map([['instance/box/logits/bias', { shape: [2], data: Float32Array.of(1e4, -1e4) }]]));
      },
    }));
    expect(ajis).toEqual([0, null]);
    expect(decodeSafetensors(bestOf('empty')).metadata).toMatchObject({ step: '2', validationAji: 'null' });
  });

  test('stopped before its first step, it saves that and goes on from there', async () => {
    const two = { training: { iterations: 2, validateEvery: 2 } };
    const stopped = await trainIn('early', two, { signal: AbortSignal.abort(), validation: [] });
    expect(stopped).toEqual({ step: 0, best: null, interrupted: true });
    expect(await trainIn('early', two, { resume: true, validation: [] })).toMatchObject({
      step: 2,
      interrupted: false,
    });
    // What is finished stays as it is.
    const finished = lastOf('early');
    expect(await trainIn('early', two, { resume: true, validation: [] })).toMatchObject({
      step: 2,
      interrupted: false,
    });
    expect(lastOf('early').equals(finished)).toBe(true);
  });

  test('writes event files, which TensorBoard reads, and leaves nothing temporary', async () => {
    expect(readdirSync(path('early')).map((name) => name.replace(/\d+/g, '0').replace(/\.0$/, ''))).toEqual(
      expect.arrayContaining(['checkpoints', 'config.json', 'events.out.tfevents.0.pffnet', 'log.jsonl', 'run.json']),
    );
    expect(readdirSync(path('early', 'checkpoints')).sort()).toEqual(['best.safetensors', 'last.safetensors']);
  });
});

describe('train that cannot go on', () => {
  test('a loss that is NaN: names term and step, keeps the last checkpoint, frees everything', async () => {
    const before = memory().numTensors;
    const failed = trainIn('nan', { training: { iterations: 9, validateEvery: 2 } }, (model) => ({
      validation: [],
      onStep: ({ step }) => {
        if (step === 3) fill(model, 'map/bias', NaN);
      },
    }));
    await expect(failed).rejects.toThrow(TrainingError);
    await expect(failed).rejects.toThrow(
      'step 4: loss fused-semantic is NaN; lower training.learningRate or set training.clipNorm; what was saved at step 2 is kept',
    );
    expect(memory().numTensors).toBe(before);
    expect((await logOf('nan')).map(({ step }) => step)).toEqual([1, 2, 2, 3]);
    const outcome = await trainIn(
      'nan',
      { training: { iterations: 9, validateEvery: 2 } },
      {
        ...abortAfter(3),
        resume: true,
        validation: [],
      },
    );
    expect(outcome).toMatchObject({ step: 3, interrupted: true });
    expect((await logOf('nan')).map(({ step }) => step)).toEqual([1, 2, 2, 3]);
  });

  test('a save that fails: keeps the checkpoint before it, from which training goes on', async () => {
    const before = memory().numTensors;
    const steps = { training: { iterations: 4, validateEvery: 2 } };
    const failed = trainIn('unplugged', steps, {
      validation: [],
      onStep: ({ step }) => {
        if (step === 3) renameSync(path('unplugged', 'checkpoints'), path('unplugged', 'away'));
      },
    });
    await expect(failed).rejects.toThrow(/^cannot write .*best.safetensors: there is no folder .*checkpoints/);
    expect(memory().numTensors).toBe(before);
    renameSync(path('unplugged', 'away'), path('unplugged', 'checkpoints'));
    expect(await trainIn('unplugged', steps, { resume: true, validation: [] })).toMatchObject({ step: 4 });
  });

  test('a run of another config is not resumed, and nothing of it changes', async () => {
    const steps = { training: { iterations: 1, validateEvery: 1 } };
    await trainIn('other', steps, { validation: [] });
    const files = readdirSync(path('other'));
    await expect(trainIn('other', { ...steps, loss: { alpha2: 0 } }, { resume: true })).rejects.toThrow(
      new ConfigError(
        `${path('other', 'checkpoints', 'last.safetensors')}: loss.alpha2 was 1, now 0; resume with the config of the run, or choose another --out folder`,
      ),
    );
    expect(readdirSync(path('other'))).toEqual(files);
  });

  test('no image to learn from', async () => {
    const before = memory().numTensors;
    await expect(trainIn('none', {}, { train: [] })).rejects.toThrow(
      new DataError('there are no training images; expected at least one'),
    );
    expect(memory().numTensors).toBe(before);
  });
});
