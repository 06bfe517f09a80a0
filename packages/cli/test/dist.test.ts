import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { pffnet, refusal } from './run-pffnet.ts';
import { compilePffnet, spawnPffnet } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeUntrained } from './untrained.ts';
import { writeCells } from './write-data.ts';

// The second family goes the way of the first through every command.
const path = temporaryFolder();
const run = path('run');
const wasm = ['--backend', 'wasm'];
const readJson = (...names: string[]) => JSON.parse(readFileSync(path(...names), 'utf8'));

jest.setTimeout(300_000);

const train = (out: string, ...more: string[]): string[] => [
  ...['train', '--config', 'smoke', '--variant', 'dist', ...wasm, '--data', path('cells'), '--out', path(out)],
  ...['--split', path('split.csv'), '--validation', '1'],
  ...['training.iterations=2', 'training.patch.size=64'].flatMap((setting) => ['--set', setting]),
  ...more,
];

beforeAll(async () => {
  compilePffnet();
  await writeCells(path('cells'), { count: 4 });
  const parts = ['train', 'train', 'train', 'test'].map((part, index) => `synthetic_00${index},${part}`);
  writeFileSync(path('split.csv'), ['name,part', ...parts].join('\n'));
}, 300_000);

describe('a network of kind dist', () => {
  test('is trained and tested', async () => {
    const { code, said } = await pffnet(...train('run'));
    expect(code).toBe(0);
    expect(said[2]).toMatch(/^training 1 of 2: \d+\.\d\d s\/step, loss \d+\.\d{3} \(distance \d+\.\d{3}\)$/);
    expect(said.at(-1)).toMatch(/^1 test image: AJI /);
    expect(readJson('run', 'config.json')).toMatchObject({ kind: 'dist', unet: { width: 8, depth: 3, groups: 4 } });
  });

  test('is tuned on validation images by its own thresholds, and predicts with them', async () => {
    const tuned = path('tuned.json');
    expect(await pffnet('evaluate', '--tune', '--model', run, '--out', tuned, ...wasm)).toMatchObject({ code: 0 });
    expect(Object.keys(readJson('tuned.json').test)).toEqual(['minDepth', 'minDistance']);
    const image = path('cells', 'images', 'synthetic_003.png');
    const call = [
      'predict',
      '--model',
      run,
      '--settings',
      tuned,
      '--semantic',
      '--out',
      path('predicted'),
      ...wasm,
      image,
    ];
    expect(await pffnet(...call)).toMatchObject({ code: 0 });
    for (const ending of ['.png', '.csv', '_overlay.png', '_distance.png']) {
      expect(existsSync(path('predicted', `synthetic_003${ending}`))).toBe(true);
    }
  });

  test('is ablated and reported', async () => {
    const matrix = {
      preset: 'smoke',
      datasets: ['cells'],
      variants: ['dist'],
      settings: { training: { iterations: 2, validateEvery: 2, patch: { size: 64 } } },
    };
    writeFileSync(path('matrix.json'), JSON.stringify(matrix));
    const call = ['ablate', '--matrix', path('matrix.json'), '--out', path('runs'), ...wasm];
    expect(await spawnPffnet(call).ended).toMatchObject({ code: 0 });
    expect(await pffnet('report', path('runs'), '--out', path('report'))).toMatchObject({ code: 0 });
    expect(readFileSync(path('report', 'index.html'), 'utf8')).toContain('DIST');
  });

  test.each([
    [
      'instanceHead.groups=4',
      '--set instanceHead.groups=4: a network of kind dist has no instanceHead, networks of kind two-stage have; leave it out',
    ],
    [
      'test.minScore=0.3',
      '--set test.minScore=0.3: a network of kind dist has no test.minScore, networks of kind two-stage have; leave it out',
    ],
    ['unet.widht=4', '--set unet.widht=4: there is no key unet.widht; did you mean width?'],
    ['unet.groups=3', 'unet.groups is 3, which does not divide unet.width, 8; expected a divisor of it'],
  ])('refuses %s', async (setting, line) => {
    expect(await refusal(...train('refused', '--set', setting))).toEqual([2, `pffnet: ${line}`]);
    expect(existsSync(path('refused'))).toBe(false); // not even an empty folder
  });

  test("refuses to go on with another family's run, and a rule of another family", async () => {
    await writeUntrained(path('two-stage.safetensors'));
    writeFileSync(path('rule.json'), JSON.stringify({ test: { minDepth: 2 } }));
    const image = path('cells', 'images', 'synthetic_003.png');
    const predict = ['predict', '--model', path('two-stage.safetensors'), ...wasm, '--out', path('none'), image];
    expect(await refusal(...predict, '--settings', path('rule.json'))).toEqual([
      2,
      `pffnet: ${path('rule.json')}: a network of kind two-stage has no test.minDepth, networks of kind dist have; leave it out`,
    ]);
    const other = train('run', '--resume').filter((word) => word !== '--variant' && word !== 'dist');
    expect(await refusal(...other)).toEqual([
      2,
      `pffnet: ${run}: kind was "dist", now "two-stage"; resume with the config of the run, or choose another --out folder`,
    ]);
  });

  test('does not go on from a checkpoint of another family that lies in its run folder, and leaves every file as it is', async () => {
    const asTwoStage = train('two-stage').filter((word) => word !== '--variant' && word !== 'dist');
    expect(await pffnet(...asTwoStage)).toMatchObject({ code: 0 });
    cpSync(run, path('mixed'), { recursive: true });
    const checkpoint = path('mixed', 'checkpoints', 'last.safetensors');
    copyFileSync(path('two-stage', 'checkpoints', 'last.safetensors'), checkpoint);
    const contents = () =>
      readdirSync(path('mixed'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(`${parentPath}/${name}`, 'latin1')]);
    const before = contents();
    const [code, ...lines] = await refusal(...train('mixed', '--resume'));
    expect([code, lines.at(-1)]).toEqual([
      2,
      `pffnet: ${checkpoint}: kind was "two-stage", now "dist"; resume with the config of the run, or choose another --out folder`,
    ]);
    expect(contents()).toEqual(before);
  });
});
