import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { writeImage, writeLabelMap } from '@pffnet/datasets';
import { labelMap } from '@pffnet/structures';
import { compilePffnet, spawnPffnet } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeUntrained } from './untrained.ts';

const loader = new URL('list-packages.mjs', import.meta.url).href;
const path = temporaryFolder();
const labels = path('labels');
const model = path('model.safetensors');
const image = path('image.png');

/** Packages that take long to load. */
const heavy = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@observablehq/plot',
  'cli-progress',
  'linkedom',
  'zod',
  'sharp',
  'geotiff',
  'stream-json',
];

beforeAll(async () => {
  compilePffnet();
  await mkdir(labels);
  await writeLabelMap(join(labels, 'a.png'), labelMap(2, 2, [0, 1, 0, 1]));
  await writeImage(image, { height: 32, width: 32, data: new Uint8Array(32 * 32 * 3) });
  await writeUntrained(model);
}, 300_000);

/** The heavy packages that a command imports. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const nodeOptions = `NODE_OPTIONS=--no-warnings --experimental-loader=${loader}`;
  const { code, said } = await spawnPffnet(args, ['env', nodeOptions]).ended;
  expect([code, said]).toEqual([0, expect.stringContaining('imports commander\n')]);
  return heavy.filter((name) => said.includes(`imports ${name}\n`));
}

test.each<[string, readonly string[], readonly string[]]>([
  ['--help', ['--help'], []],
  ['--version', ['--version'], []],
  ['evaluate --help', ['evaluate', '--help'], ['sharp']],
  [
    'predict',
    ['predict', '--model', model, '--out', path('predicted'), image],
    ['@tensorflow/tfjs-core', 'zod', 'sharp'],
  ],
  ['evaluate of two folders', ['evaluate', '--pred', labels, '--truth', labels], ['sharp']],
  [
    'evaluate with a page',
    ['evaluate', '--pred', labels, '--truth', labels, '--html', path('page.html')],
    ['@observablehq/plot', 'linkedom', 'sharp'],
  ],
])(
  '%s loads no heavy package that it does without',
  async (_, args, expected) => {
    expect(await loadedBy(args)).toEqual(expected);
  },
  60_000,
);
