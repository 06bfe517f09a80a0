import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { writeUntrained } from './untrained.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');
const run = path('run');
const names = [0, 1, 2, 3].map((index) => `synthetic_00${index}`);

interface Tuning {
  readonly images: string[];
  readonly tried: number;
  readonly before: { readonly settings: Record<string, number>; readonly score: number | null };
  readonly patch: { readonly test: Record<string, number> };
}

const readJson = <Content>(file: string): Content => JSON.parse(readFileSync(file, 'utf8')) as Content;

beforeAll(async () => {
  await writeCells(cells, { count: 4 });
  writeFileSync(
    path('split.csv'),
    `name,part\n${names.map((name, at) => `${name},${at === 3 ? 'test' : 'train'}\n`).join('')}`,
  );
  const division = ['--split', path('split.csv'), '--fold', 'test', '--validation', '1'];
  const { code } = await pffnet('train', ...tiny(), ...division, '--data', cells, '--out', run);
  expect(code).toBe(0);
}, 120_000);

const tune = (...more: string[]): string[] => ['evaluate', '--tune', '--backend', 'wasm', ...more];

describe('evaluate --tune', () => {
  test("searches on the run's own validation images and writes a patch that predict takes", async () => {
    const out = path('tuned.json');
    const { code, out: text, said } = await pffnet(...tune('--model', run, '--out', out, '--json', path('full.json')));
    expect([code, said]).toEqual([0, []]);
    const { data } = readJson<{ data: { validation: string[] } }>(path('run', 'run.json'));
    expect(text.split('\n')[0]).toBe(`tuned on 1 image: ${data.validation[0]}; none of the 1 test images was used`);
    expect(text).toContain('with one image there is no telling what it is on others');
    const full = readJson<Tuning>(path('full.json'));
    expect(full).toMatchObject({ score: 'aji', images: data.validation, model: run, data: cells });
    expect(full.patch).toEqual(readJson(out));
    expect(Object.keys(full.patch.test)).toEqual([
      'scoreThreshold',
      'nms',
      'nmsQuality',
      'maskThreshold',
      'dropCoveredAbove',
      'minScore',
    ]);

    const image = path('cells', 'images', 'synthetic_003.png');
    const predicted = [
      'predict',
      '--backend',
      'wasm',
      '--model',
      run,
      '--settings',
      out,
      '--out',
      path('predicted'),
      image,
    ];
    expect((await pffnet(...predicted)).code).toBe(0);
    // As a part of a config file, and key by key.
    const train = ['train', ...tiny(), '--validation', '1', '--data', cells, '--out', path('next')];
    writeFileSync(path('next.json'), JSON.stringify({ extends: 'smoke', ...full.patch }));
    expect((await pffnet(...train.map((word) => (word === 'smoke' ? path('next.json') : word)))).code).toBe(0);
    expect(readJson<Tuning['patch']>(path('next', 'config.json')).test).toMatchObject(full.patch.test);
  }, 240_000);

  test('takes other images, by another score, and says what it cannot know', async () => {
    const weights = path('untrained.safetensors');
    await writeUntrained(weights, 'test.tiles.abovePixels=1000000');
    const split = ['--data', cells, '--split', path('split.csv'), '--only', 'test'];
    const { code, out } = await pffnet(...tune('--model', weights, '--out', path('b.json'), '--by', 'dice', ...split));
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(
      'tuned on 1 image: synthetic_003; which images the network learned from is not known',
    );
    expect(out).toMatch(/^dice +\S+ +\S+$/m);
    expect((await refusal(...tune('--model', weights, '--out', path('c.json'))))[1]).toMatch(
      /does not say where .*give --data$/,
    );
  }, 240_000);

  test('never touches a test image, and warns of training images', async () => {
    const split = ['--split', path('split.csv'), '--only'];
    expect(await refusal(...tune('--model', run, '--out', path('d.json'), ...split, 'test'))).toEqual([
      2,
      expect.stringMatching(
        /synthetic_003: test images of .*run, which must stay unseen for its test scores to count; /,
      ),
    ]);
    const { said } = await pffnet(...tune('--model', run, '--out', path('d.json'), ...split, 'train'));
    expect(said).toEqual([
      expect.stringMatching(/^2 of 3 images were used in training, so the tuned score is too good: /),
    ]);
  }, 240_000);

  test.each([
    ['nothing to write to', ['--model', run], /needs --out <file>; see/],
    ['a score that is none', ['--model', run, '--out', path('x.json'), '--by', 'countDifference'], /There is no score/],
    [
      'a model that is not there',
      ['--model', path('no'), '--out', path('x.json'), '--data', cells],
      /there is no such run or file/,
    ],
    ['other data', ['--model', run, '--out', path('x.json'), '--data', path('nowhere')], /there is no folder/],
  ])('refuses %s', async (_, options, message) => {
    expect(await refusal(...tune(...options))).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('predict --settings and --set', () => {
  const image = path('cells', 'images', 'synthetic_000.png');
  const predict = (...more: string[]): string[] => [
    'predict',
    '--backend',
    'wasm',
    '--model',
    run,
    '--out',
    path('p'),
    ...more,
    image,
  ];

  test('change what is drawn', async () => {
    const objects = async (...more: string[]): Promise<number> => {
      const { out } = await pffnet(...predict('--json', '-', ...more));
      return (JSON.parse(out) as { instances: unknown[] }[])[0].instances.length;
    };
    writeFileSync(path('all.json'), '{"test":{"scoreThreshold":0,"minScore":0,"nms":1}}');
    expect(await objects('--settings', path('all.json'))).toBeGreaterThan(0);
    expect(await objects('--settings', path('all.json'), '--set', 'test.minScore=1')).toBe(0);
  });

  test.each([
    ['a key that needs training', ['--set', 'backbone.depth=50'], /can change its keys under test, and no others/],
    [
      'a key that is not there',
      ['--set', 'test.minscore=1'],
      /there is no key test\.minscore; did you mean minScore\?/,
    ],
    ['no such file', ['--settings', path('none.json')], /--settings: there is no file .*none\.json/],
  ])('refuse %s', async (_, options, message) => {
    expect(await refusal(...predict(...options))).toEqual([2, expect.stringMatching(message)]);
  });
});
