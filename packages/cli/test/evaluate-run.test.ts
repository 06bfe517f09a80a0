import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Sample, writeImage, writeLabelMap } from '@pffnet/datasets';
import { presets } from '@pffnet/pffnet';
import { type RunFacts, RunFolder } from '@pffnet/run-folder';
import { parseHTML } from 'linkedom';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { emptied, writeCells } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');
let samples: readonly Sample[];

/** A run of `cells`, as `train` leaves it before the test. */
async function run(name: string, test: readonly string[]): Promise<string> {
  const [train, validation] = [['synthetic_000'], ['synthetic_001']];
  const facts: RunFacts = {
    commit: null,
    versions: {},
    engine: 'wasm',
    command: 'pffnet train',
    data: { folder: cells, hash: '', train, validation, test },
  };
  await RunFolder.create(path(name), presets.smoke, facts);
  return path(name);
}

beforeAll(async () => {
  samples = await writeCells(cells, { count: 4 });
  // The first test image is predicted without a fault, of the second nothing was found.
  await run('tested', ['synthetic_002', 'synthetic_003']);
  mkdirSync(path('tested', 'predictions'));
  const [, , whole, missed] = samples;
  await writeLabelMap(path('tested', 'predictions', 'synthetic_002.png'), whole!.labels);
  await writeImage(path('tested', 'predictions', 'synthetic_002_truth.png'), whole!.image);
  await writeLabelMap(path('tested', 'predictions', 'synthetic_003.png'), emptied(missed!.labels));
  mkdirSync(path('better'));
  for (const { name, labels } of samples) await writeLabelMap(path('better', `${name}.png`), labels);
});

interface Scores {
  readonly images: readonly { readonly name: string; readonly aji: number }[];
}

async function scores(...args: string[]): Promise<Record<string, number>> {
  const { code, out, said } = await pffnet('evaluate', ...args, '--json', '-');
  expect([code, said]).toEqual([0, []]);
  return Object.fromEntries((JSON.parse(out) as Scores).images.map(({ name, aji }) => [name, aji]));
}

describe('evaluate --run', () => {
  test("scores the run's own test images against the data that it was trained on", async () => {
    expect(await scores('--run', path('tested'))).toEqual({ synthetic_002: 1, synthetic_003: 0 });
  });

  test('scores other predictions on the test images alone, whatever else there is', async () => {
    const { code, out } = await pffnet('evaluate', '--run', path('tested'), '--pred', path('better'), '--json', '-');
    const { images } = JSON.parse(out) as Scores;
    expect([code, images.map(({ name, aji }) => [name, aji])]).toEqual([
      0,
      [
        ['synthetic_002', 1],
        ['synthetic_003', 1],
      ],
    ]);
  });

  test('draws the errors over the images of the data set', async () => {
    const { code } = await pffnet('evaluate', '--run', path('tested'), '--html', path('page.html'));
    const { document } = parseHTML(readFileSync(path('page.html'), 'utf8'));
    expect([code, document.querySelectorAll('figure').length]).toEqual([0, 4]);
    expect(document.body.textContent).toContain(path('tested', 'predictions'));
  });

  test('takes label maps from another folder where the data have moved', async () => {
    renameSync(cells, path('moved'));
    try {
      expect(await scores('--run', path('tested'), '--truth', path('moved', 'labels'))).toEqual({
        synthetic_002: 1,
        synthetic_003: 0,
      });
      expect(await refusal('evaluate', '--run', path('tested'))).toEqual([
        2,
        `pffnet: there is no folder ${cells}; check the path (the run was trained on it; if it has moved, give --truth)`,
      ]);
    } finally {
      renameSync(path('moved'), cells);
    }
  });

  test('refuses what is no run, has no test images, or has not predicted them', async () => {
    expect(await refusal('evaluate', '--run', path('nowhere'))).toEqual([
      2,
      `pffnet: --run ${path('nowhere')}: there is no run (no run.json); check the path`,
    ]);
    const untested = await run('untested', []);
    expect(await refusal('evaluate', '--run', untested)).toEqual([
      2,
      `pffnet: --run ${untested}: it has no test images; train with --split and --fold, or give --pred and --truth instead`,
    ]);
    const unfinished = await run('unfinished', ['synthetic_002']);
    expect(await refusal('evaluate', '--run', unfinished)).toEqual([
      2,
      `pffnet: --run ${unfinished}: its test images are not predicted yet; let the training end (train --resume), or give --pred`,
    ]);
    const gone = await run('gone', ['synthetic_002', 'x']);
    expect(await refusal('evaluate', '--run', gone, '--pred', path('better'))).toEqual([
      2,
      `pffnet: ${cells} lacks 1 of the run's 2 test images: x; give the label maps of the training with --truth`,
    ]);
  });

  test('is not for --tune', async () => {
    expect(
      await refusal('evaluate', '--tune', '--run', path('tested'), '--model', path('tested'), '--out', path('t.json')),
    ).toEqual([2, 'pffnet: --run is to score; for --tune give the run as --model']);
  });
});
