import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeImage } from '@pffnet/datasets';
import { commandLine } from '../src/call.ts';
import { interrupted, pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { emptied, onePixelObjects, relabelled, writeCells, writeSamples } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');

beforeAll(async () => {
  await writeCells(cells, { count: 4 });
});

const train = (out: string, ...more: string[]): string[] => [
  'train',
  ...tiny(),
  '--validation',
  '1',
  '--data',
  cells,
  '--out',
  path(out),
  ...more,
];

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const steps = (run: string): number[] =>
  readFileSync(path(run, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: number; kind?: string })
    .filter(({ kind }) => kind === undefined)
    .map(({ step }) => step);

describe('train', () => {
  test('leaves a run folder and says what it does', async () => {
    const { code, out, said } = await pffnet(...train('first'));
    expect([code, out]).toEqual([0, '']);
    expect(said).toEqual([
      expect.stringMatching(/^smoke \(paper\) from random weights, seed 0, on \S+ \(/),
      '3 training images, 1 validation image, 0 test images; 2 steps',
      expect.stringMatching(/^training 1 of 2: \d+\.\d\d s\/step, loss \d+\.\d{3} \(rpn-objectness \d+\.\d{3}, .*\)$/),
      expect.stringMatching(/^training 2 of 2: \d+\.\d\d s\/step, loss \d+\.\d{3} \(/),
      expect.stringMatching(/^step 2 of 2: validation AJI .*, Dice .*, F1 .*, PQ .*, the best so far$/),
      `trained 2 steps; best weights (step 2): ${path('first', 'checkpoints', 'best.safetensors')}`,
      `find objects with: pffnet predict --model ${path('first')} --out predicted <images>`,
    ]);
    expect(steps('first')).toEqual([1, 2]);
    const facts = JSON.parse(readFileSync(path('first', 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(facts).toMatchObject({
      command: commandLine(train('first')),
      data: { folder: cells, hash: expect.stringMatching(/^[0-9a-f]{64}$/), test: [] },
    });
    for (const file of ['config.json', 'checkpoints/best.safetensors', 'checkpoints/last.safetensors']) {
      expect(existsSync(path('first', file))).toBe(true);
    }
  });

  test('keeps a fold for the test, predicts and scores it', async () => {
    const split = path('folds.csv');
    writeFileSync(split, 'name,part\nsynthetic_000,a\nsynthetic_001,a\nsynthetic_002,a\nsynthetic_003,b\n');
    const { code, said } = await pffnet(...train('fold', '--split', split, '--column', 'part', '--fold', 'b'));
    expect(code).toBe(0);
    expect(said[1]).toBe('2 training images, 1 validation image, 1 test image; 2 steps');
    expect(said.at(-1)).toMatch(/^1 test image: AJI .*; see .*index\.html$/);
    const metrics = JSON.parse(readFileSync(path('fold', 'metrics.json'), 'utf8')) as { images: { name: string }[] };
    expect(Object.keys(metrics)).toEqual(['policy', 'images', 'mean', 'std']);
    expect(metrics.images.map(({ name }) => name)).toEqual(['synthetic_003']);
    expect(readFileSync(path('fold', 'metrics.csv'), 'utf8').split('\n')[1]).toMatch(/^synthetic_003,/);
    for (const file of ['synthetic_003.png', 'synthetic_003_overlay.png', 'synthetic_003_truth.png']) {
      expect(existsSync(path('fold', 'predictions', file))).toBe(true);
    }
  });

  test('learns from one-pixel objects, ids with gaps and ids beyond 65,535', async () => {
    const data = path('odd');
    const [sample] = await writeCells(data, { count: 3, relabel: relabelled((id) => id * 50_000) });
    await writeSamples(data, [{ ...sample!, name: 'dots', labels: onePixelObjects(sample!.labels) }]);
    expect(existsSync(path('odd', 'labels', 'synthetic_000.tif'))).toBe(true);
    const { code } = await pffnet('train', ...tiny(), '--data', data, '--validation', '0', '--out', path('odd-run'));
    expect(code).toBe(0);
    expect(steps('odd-run')).toEqual([1, 2]);
  });

  test('passes over images without an object', async () => {
    const data = path('mostly-empty');
    const [first, second] = await writeCells(data, { count: 2 });
    await writeSamples(data, [{ ...first!, labels: emptied(first!.labels) }, second!]);
    const { code } = await pffnet('train', ...tiny(), '--data', data, '--validation', '0', '--out', path('passed'));
    expect([code, steps('passed')]).toEqual([0, [1, 2]]);
  });

  test('reads a config file that extends a preset', async () => {
    const file = path('mine.json');
    writeFileSync(file, JSON.stringify({ extends: 'smoke', training: { iterations: 7 } }));
    const { code } = await pffnet(...train('from-file', '--config', file));
    const config = JSON.parse(readFileSync(path('from-file', 'config.json'), 'utf8')) as object;
    expect([code, config]).toEqual([0, expect.objectContaining({ preset: 'smoke' })]);
    expect(config).toMatchObject({ training: { iterations: 2, patch: { size: 64 } } });
  });

  test('stops when a loss is not finite, names the term and keeps the last good checkpoint', async () => {
    const once = ['--set', 'training.validateEvery=1', '--set', 'training.warmup.iterations=0'];
    const { code, said } = await pffnet(...train('blown-up', ...once, '--set', 'training.learningRate=1e30'));
    expect(code).toBe(2);
    expect(said.at(-1)).toMatch(
      /^pffnet: step 2: loss [a-z-]+ is (NaN|-?Infinity); lower training.learningRate or set training.clipNorm; what was saved at step 1 is kept$/,
    );
    expect(steps('blown-up')).toEqual([1]);
    const images = path('cells', 'images', 'synthetic_000.png');
    expect((await pffnet('predict', '--model', path('blown-up'), '--out', path('blown'), images)).code).toBe(0);
  });
});

describe('train --resume', () => {
  const three = ['--set', 'training.iterations=3', '--set', 'training.validateEvery=1'];

  test('gives the same bits as an uninterrupted run', async () => {
    expect((await pffnet(...train('whole', ...three))).code).toBe(0);
    const { code, said } = await interrupted(/^step 1 of 3/, ...train('parts', ...three));
    expect(code).toBe(130);
    expect(said.at(-1)).toBe(
      `stopped after step 1, saved; go on with: ${commandLine([...train('parts', ...three), '--resume'])}`,
    );
    expect((await pffnet(...train('parts', ...three, '--resume'))).code).toBe(0);
    expect(steps('parts')).toEqual([1, 2, 3]);
    for (const file of ['best', 'last'].map((name) => `checkpoints/${name}.safetensors`)) {
      expect([file, sha256(path('parts', file))]).toEqual([file, sha256(path('whole', file))]);
    }
  });

  test('begins anew what was stopped before its first checkpoint', async () => {
    expect((await pffnet(...train('early'))).code).toBe(0);
    for (const name of ['best', 'last']) rmSync(path('early', 'checkpoints', `${name}.safetensors`)); // it was killed
    expect((await pffnet(...train('early', '--resume'))).code).toBe(0);
    expect(steps('early')).toEqual([1, 2]);
  });

  test('has nothing to do when the run is done', async () => {
    const before = sha256(path('parts', 'checkpoints', 'last.safetensors'));
    expect((await pffnet(...train('parts', ...three, '--resume'))).code).toBe(0);
    expect(sha256(path('parts', 'checkpoints', 'last.safetensors'))).toBe(before);
  });

  test('refuses another config, naming the key', async () => {
    const other = train('parts', ...three, '--set', 'training.learningRate=0.5', '--resume');
    expect(await refusal(...other)).toEqual([
      2,
      `pffnet: ${path('parts')}: training.learningRate was 0.02, now 0.5; resume with the config of the run, or choose another --out folder`,
    ]);
  });

  test('refuses other images, or the same for other ends', async () => {
    const mend = 'resume with the data and the options of the run, or choose another --out folder';
    expect(await refusal(...train('parts', ...three, '--resume', '--validation', '2'))).toEqual([
      2,
      `pffnet: ${path('parts')}: the train images have changed (there were 3, now there are 2); ${mend}`,
    ]);
    const data = path('other-cells');
    await writeCells(data, { count: 4, relabel: emptied });
    expect(await refusal(...train('parts', ...three, '--resume', '--data', data))).toEqual([
      2,
      `pffnet: ${path('parts')}: the images or labels in ${data} are not those it began with; ${mend}`,
    ]);
  });

  test('refuses a folder without a run, and a new run refuses a folder with one', async () => {
    expect(await refusal(...train('nothing', '--resume'))).toEqual([
      2,
      `pffnet: ${path('nothing')}: there is no run to resume (no config.json); leave out --resume to begin one`,
    ]);
    expect(await refusal(...train('parts'))).toEqual([
      2,
      `pffnet: ${path('parts')}: holds a run already; add --resume to continue it or choose another --out folder`,
    ]);
  });

  test('refuses a checkpoint that was cut short', async () => {
    const file = path('parts', 'checkpoints', 'last.safetensors');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, 1_000_000));
    const { code, said } = await pffnet(...train('parts', ...three, '--resume'));
    expect([code, said.at(-1)]).toEqual([
      2,
      expect.stringMatching(/^pffnet: .*last\.safetensors: not a safetensors file \(.* is cut short\)/),
    ]);
    writeFileSync(file, whole);
  });
});

describe('a request to train that cannot be', () => {
  const data = path('bad');

  test.each([
    ['an unknown preset', ['--config', 'smal'], /^--config: there is no preset smal; did you mean small\?/],
    [
      'an unknown key',
      ['--set', 'training.iteration=5'],
      /there is no key training\.iteration; did you mean iterations\?$/,
    ],
    ['a wrong type', ['--set', 'training.iterations=many'], /training\.iterations is "many"; expected number$/],
    ['no key', ['--set', 'iterations'], /^--set iterations: expected key=value, such as loss\.alpha1=1$/],
    ['an unknown profile', ['--profile', 'tnb'], /^--profile: there is no profile tnb; did you mean tnbc\?/],
    ['a missing config file', ['--config', 'mine.json'], /^--config: there is no file mine\.json; expected/],
    [
      'missing kernels',
      ['--set', 'backbone.init=r18.safetensors'],
      /^backbone\.init: there is no file r18\.safetensors; expected random or a safetensors file$/,
    ],
    ['a fold without a split', ['--fold', '1'], /^--fold and --column need --split: /],
    [
      'too much validation',
      ['--validation', '4'],
      /: 4 training images, of which --validation 4 leaves none to learn from; add images, or choose fewer/,
    ],
    ['missing data', ['--data', 'nowhere'], /^there is no folder nowhere; check the path$/],
  ])('%s: one line, and no run folder', async (_, options, line) => {
    const [code, said, ...more] = await refusal(...train('refused', ...options));
    expect([code, more]).toEqual([2, []]);
    expect(said?.replace(/^pffnet: /, '')).toMatch(line);
    expect(existsSync(path('refused'))).toBe(false);
  });

  test.each([
    ['no-object', /no object was found in 10 patches of 64 pixels from each of 3 training images; expected/],
    ['of-two-sizes', /synthetic_001\.png has 64 rows and 64 columns, its image .* 32 and 32; expected the same size/],
    ['unreadable', /cannot read .*synthetic_000\.png: .*; expected a PNG/],
    ['without-labels', /synthetic_003/],
    ['empty', /is empty; expected images\//],
  ])('images: %s', async (kind, line) => {
    rmSync(data, { recursive: true, force: true });
    await writeCells(data, { count: 4, ...(kind === 'no-object' ? { relabel: emptied } : {}) });
    if (kind === 'of-two-sizes') {
      const small = { height: 32, width: 32, data: new Float32Array(32 * 32 * 3) };
      await writeImage(path('bad', 'images', 'synthetic_001.png'), small);
    }
    if (kind === 'unreadable') writeFileSync(path('bad', 'images', 'synthetic_000.png'), 'not a picture');
    if (kind === 'without-labels') rmSync(path('bad', 'labels', 'synthetic_003.png'));
    if (kind === 'empty') for (const part of ['images', 'labels']) rmSync(path('bad', part), { recursive: true });
    const { code, said } = await pffnet(...train(`on-${kind}`, '--data', data));
    expect(code).toBe(2);
    expect(said.at(-1)).toMatch(line);
    expect(said.filter((text) => text.startsWith('pffnet:'))).toHaveLength(1);
  });

  test('a config file that is none', async () => {
    const file = path('list.json');
    writeFileSync(file, '[1]');
    expect(await refusal(...train('refused', '--config', file))).toEqual([
      2,
      `pffnet: ${file}: expected an object with the keys of a config, such as {"extends": "small"}`,
    ]);
    writeFileSync(file, '{"extends": ');
    expect((await refusal(...train('refused', '--config', file)))[1]).toMatch(/list\.json: not JSON \(.*\); expected/);
  });

  test('a file where the run folder should be', async () => {
    writeFileSync(path('file'), '');
    const [code, line] = await refusal(...train('file'));
    expect([code, line]).toEqual([
      2,
      expect.stringMatching(/: a file is where a folder should be; choose another path$/),
    ]);
  });
});
