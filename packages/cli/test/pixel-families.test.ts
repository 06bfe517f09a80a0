import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readLabelMap, writeImage } from '@pffnet/datasets';
import { objectIds } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeCells } from './write-data.ts';

// Families whose networks say something of every pixel go the way of all others through every command.
const path = temporaryFolder();
const wasm = ['--backend', 'wasm'];
const image = path('cells', 'images', 'synthetic_003.png');
const truth = path('cells', 'labels');

jest.setTimeout(120_000);

const train = (kind: string, ...more: string[]): string[] => [
  ...['train', '--config', 'smoke', '--variant', kind, ...wasm, '--data', path('cells'), '--out', path(kind)],
  ...['--split', path('split.csv'), '--validation', '1'],
  ...['training.iterations=2', 'training.patch.size=64', ...more].flatMap((setting) => ['--set', setting]),
];
const predict = (kind: string, out: string, ...more: string[]): string[] => [
  ...['predict', '--model', path(kind), ...wasm, '--out', path(out), ...more, image],
];

beforeAll(async () => {
  await writeCells(path('cells'), { count: 4 });
  const parts = ['train', 'train', 'train', 'test'].map((part, index) => `synthetic_00${index},${part}`);
  writeFileSync(path('split.csv'), ['name,part', ...parts].join('\n'));
});

describe.each([
  { kind: 'deep-coloring', told: [], losses: 'background \\S+, colouring', tuned: ['minArea'], map: 'colour' },
  {
    kind: 'discriminative',
    told: [],
    losses: 'semantic \\S+, pull \\S+, push \\S+, regularisation',
    tuned: ['bandwidth', 'minForeground', 'minArea'],
    map: 'semantic',
  },
  {
    kind: 'nuclick',
    told: ['--clicks-from', truth],
    losses: 'dice \\S+, cross-entropy',
    tuned: ['minProbability', 'minArea'],
    map: null,
  },
])('a network of kind $kind', ({ kind, told, losses, tuned, map }) => {
  test('is trained and tested', async () => {
    const { code, said } = await pffnet(...train(kind));
    expect(code).toBe(0);
    expect(said[2]).toMatch(new RegExp(`^training 1 of 2: \\S+ s/step, loss \\S+ \\(${losses} \\S+\\)$`));
    expect(said.at(-1)).toMatch(/^1 test image: AJI /);
  });

  test('is tuned by its own settings, predicts with them, and is scored', async () => {
    const settings = path(`${kind}.json`);
    const tune = ['evaluate', '--tune', '--model', path(kind), '--out', settings, ...wasm];
    expect(await pffnet(...tune)).toMatchObject({ code: 0 });
    expect(Object.keys(JSON.parse(readFileSync(settings, 'utf8')).test)).toEqual(tuned);
    const out = `${kind}-found`;
    const maps = map === null ? [] : ['--semantic'];
    expect(await pffnet(...predict(kind, out, '--settings', settings, ...told, ...maps))).toMatchObject({ code: 0 });
    for (const ending of ['.png', '.csv', '_overlay.png', ...(map === null ? [] : [`_${map}.png`])]) {
      expect(existsSync(path(out, `synthetic_003${ending}`))).toBe(true);
    }
    const score = ['evaluate', '--pred', path(out), '--truth', truth, '--split', path('split.csv'), '--only', 'test'];
    expect(await pffnet(...score)).toMatchObject({ code: 0 });
  });

  test('refuses a key of another family in one line', async () => {
    const line =
      'pffnet: --set test.minScore=0.3: a network of kind KIND has no test.minScore, networks of kind two-stage have; leave it out';
    expect(await refusal(...train(kind, 'test.minScore=0.3'))).toEqual([2, line.replace('KIND', kind)]);
  });
});

describe('a network that is told where objects are', () => {
  test.each<[string, () => string[], string]>([
    [
      'no clicks',
      () => predict('nuclick', 'none'),
      '--model: a network of kind nuclick finds objects at clicks; add --clicks-from <label maps>, or use pffnet click <image> --points <file>',
    ],
    [
      '--semantic',
      () => predict('nuclick', 'none', '--semantic', '--clicks-from', truth),
      '--semantic: this network of kind nuclick predicts no map per pixel; leave it out',
    ],
    [
      'to replace the label maps',
      () => ['predict', '--model', path('nuclick'), ...wasm, '--out', truth, '--clicks-from', truth, image],
      `${truth}: the predictions would replace the label maps of --clicks-from; choose another --out folder`,
    ],
  ])('refuses %s', async (_, call, line) => {
    expect(await refusal(...call())).toEqual([2, `pffnet: ${line}`]);
    expect(existsSync(path('none'))).toBe(false);
  });

  test('refuses label maps that lack the image, or are of another size', async () => {
    const grey = path('synthetic_000.png');
    await writeImage(grey, { height: 8, width: 9, data: new Uint8Array(8 * 9 * 3) });
    const call = ['predict', '--model', path('nuclick'), ...wasm, '--out', path('sizes'), '--clicks-from', truth];
    expect(await refusal(...call, grey)).toEqual([
      2,
      `pffnet: ${truth}/synthetic_000.png has 64 x 64 pixels, and ${grey} 8 x 9; expected the same`,
    ]);
    const other = path('other.png');
    await writeImage(other, { height: 8, width: 9, data: new Uint8Array(8 * 9 * 3) });
    expect(await refusal(...call, other)).toEqual([
      2,
      `pffnet: ${truth} holds no label map of ${other}; expected other as a png, tif or npy file`,
    ]);
  });

  test('is the only one that takes clicks', async () => {
    const line = 'a network of kind deep-coloring finds objects by itself';
    expect(await refusal(...predict('deep-coloring', 'none', '--clicks-from', truth))).toEqual([
      2,
      `pffnet: --clicks-from: ${line}; leave it out`,
    ]);
    writeFileSync(path('one.csv'), 'y,x\n1,1\n');
    const call = [
      'click',
      '--model',
      path('deep-coloring'),
      ...wasm,
      '--points',
      path('one.csv'),
      '--out',
      path('none'),
    ];
    expect(await refusal(...call, image)).toEqual([
      2,
      `pffnet: --model: ${line} and takes no clicks; use pffnet predict, or a run of --variant nuclick`,
    ]);
  });
});

describe('click', () => {
  /** At 0, all of the square of 64 pixels around a click belongs to it; near 1, nothing does. */
  const click = (points: string, minProbability: number, out: string): string[] => [
    ...['click', '--model', path('nuclick'), ...wasm, '--points', path(points), '--out', path(out)],
    ...['--set', `test.minProbability=${minProbability}`, image],
  ];
  const write = (name: string, text: string): void => {
    writeFileSync(path(name), text);
  };

  test.each([
    ['points.csv', 'x,y\n50,1\n1,60\n'],
    ['points.json', '[[1, 50], { "y": 60, "x": 1 }]'],
  ])('segments what %s points at, ids in the order of the clicks', async (name, text) => {
    write(name, text);
    const out = `clicked-${name}`;
    const { code, said } = await pffnet(...click(name, 0, out));
    expect([code, said]).toEqual([0, [`2 objects; label map: ${path(out, 'synthetic_003.png')}`]]);
    const { data, ...size } = await readLabelMap(path(out, 'synthetic_003.png'));
    expect(size).toMatchObject({ height: 64, width: 64 });
    expect([data[1 * 64 + 50], data[60 * 64 + 1]]).toEqual([1, 2]);
    for (const ending of ['.csv', '_overlay.png']) expect(existsSync(path(out, `synthetic_003${ending}`))).toBe(true);
  });

  test('says which clicks are on background or on the object of another, writes the rest, and ends with 2', async () => {
    write('twice.csv', 'y,x\n10,20\n12,20\n');
    const found = await pffnet(...click('twice.csv', 0, 'twice'));
    expect([found.code, found.said]).toEqual([
      2,
      [
        `${path('twice.csv')}: clicks 1 and 2 are on one object, which is counted once; leave one out`,
        `1 object; label map: ${path('twice', 'synthetic_003.png')}`,
      ],
    ]);
    expect(objectIds(await readLabelMap(path('twice', 'synthetic_003.png')))).toEqual([1]);
    const none = await pffnet(...click('twice.csv', 0.999, 'background'));
    expect([none.code, none.said[0], none.said.length]).toEqual([
      2,
      `${path('twice.csv')}: click 1 at y 10, x 20 is on background: no object was found there; leave it out, or click nearer to the middle of the object`,
      3,
    ]);
  });

  test.each([
    [
      'outside.csv',
      'y,x\n10,20\n64,20\n',
      `: click 2 at y 64, x 20 lies outside ${image}, which has 64 rows and 64 columns; leave it out, or give the image that it is of`,
    ],
    ['none.csv', 'y,x\n', ' holds no point; expected the y and x of at least one; add it'],
    [
      'columns.csv',
      'row,column\n1,2\n',
      ' has no columns y and x; its columns are row, column; name those in pixels y and x (or axis-0 and axis-1)',
    ],
  ])('refuses %s and writes nothing', async (name, text, line) => {
    write(name, text);
    expect(await refusal(...click(name, 0, 'refused'))).toEqual([2, `pffnet: ${path(name)}${line}`]);
    expect(existsSync(path('refused'))).toBe(false);
  });

  test('never replaces the image or the points', async () => {
    write('synthetic_003.csv', 'y,x\n10,20\n');
    expect(await refusal(...click('synthetic_003.csv', 0, ''))).toEqual([
      2,
      `pffnet: ${path('synthetic_003.csv')}: the result would replace what it is made from; choose another --out folder`,
    ]);
    expect(readFileSync(path('synthetic_003.csv'), 'utf8')).toBe('y,x\n10,20\n');
  });
});
