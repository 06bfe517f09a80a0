import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openCocoPanoptic, readLabelMap } from '@pffnet/datasets';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeUntrained, writeUntrainedVariant } from './untrained.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const model = path('model.safetensors');

beforeAll(async () => {
  await writeUntrained(model);
  await writeCells(path('cells'), { count: 2 });
});

/** Checks that panoptic files say the same as label maps: objects are things, one stuff at most, void the rest. */
async function assertAgrees(out: string, names: readonly string[]): Promise<{ void: number; background: number }> {
  const { categories, names: there, read } = await openCocoPanoptic(path(out, 'panoptic.json'));
  expect([...categories.values()]).toEqual([
    { id: 1, name: 'object', isThing: true },
    { id: 2, name: 'background', isThing: false },
  ]);
  expect(there).toEqual(names);
  const pixels = { void: 0, background: 0 };
  for (const name of names) {
    const labels = await readLabelMap(path(out, `${name}.png`));
    const { map, classOf } = await read(name);
    map.data.forEach((id, pixel) => {
      const object = labels.data[pixel]!;
      if (object > 0) expect([id, classOf.get(id)]).toEqual([object, 1]);
      else if (id === 0) pixels.void++;
      else if (classOf.get(id) === 2) pixels.background++;
      else throw new Error(`pixel ${pixel} of ${name} is in no object and neither void nor background`);
    });
  }
  return pixels;
}

describe('predict --panoptic', () => {
  const joint = ['pffnet', 'cell-rcnn', 'cell-rcnn-v2', 'panoptic-fpn', 'jsis-net', 'aunet', 'upsnet', 'oanet'];

  test.each(joint)('writes things and stuff of %s', async (variant) => {
    const file = path(`${variant}.safetensors`);
    await writeUntrainedVariant(file, variant);
    const call = ['--model', file, '--out', path(variant), '--panoptic', path('cells', 'images', 'synthetic_000.png')];
    const { code, said } = await pffnet('predict', ...call);
    expect([code, said.length]).toEqual([0, 1]);
    await assertAgrees(variant, ['synthetic_000']);
    // Pictures of maps come with --semantic alone.
    expect(readdirSync(path(variant)).filter((name) => name.includes('semantic'))).toEqual([]);
  });

  test('reads large images in tiles, and images at another size', async () => {
    await writeCells(path('large'), { count: 1, size: 150 });
    const settings = [
      ['tiled', 'test.tiles={"abovePixels":10000,"size":96,"overlap":32}'],
      ['resized', 'test.shortSide=100'],
    ];
    for (const [out, setting] of settings) {
      const call = ['--model', model, '--set', setting!, '--out', path(out!), '--panoptic', '--semantic', path('large', 'images')];
      expect((await pffnet('predict', ...call)).code).toBe(0);
      await assertAgrees(out!, ['synthetic_000']);
    }
  }); // prettier-ignore

  test('what it writes is scored by evaluate --panoptic', async () => {
    await pffnet('predict', '--model', model, '--out', path('out'), '--panoptic', path('cells', 'images'));
    const pixels = await assertAgrees('out', ['synthetic_000', 'synthetic_001']);
    expect(pixels.background + pixels.void).toBeGreaterThan(0);
    const files = ['--csv', path('scores.csv'), '--json', path('scores.json')];
    const call = ['--panoptic', '--pred', path('out'), '--truth', path('cells', 'labels'), ...files];
    const { code, out } = await pffnet('evaluate', ...call);
    expect([code, out.split('\n')[2]]).toEqual([0, '2 images']);
    expect(readFileSync(path('scores.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
    expect(JSON.parse(readFileSync(path('scores.json'), 'utf8'))).toMatchObject({ imageCount: 2 });
    const self = ['evaluate', '--panoptic', '--pred', path('out'), '--truth', path('out', 'panoptic.json'), '--json', '-'];
    const { all } = JSON.parse((await pffnet(...self)).out) as { all: { pq: number } };
    expect(all.pq).toBeCloseTo(1, 12);
  }); // prettier-ignore

  test('networks without a semantic branch are refused in one line, before anything is written', async () => {
    const call = (file: string): string[] => ['predict', '--model', file, '--out', path('refused'), '--panoptic', path('cells', 'images')]; // prettier-ignore
    const kinds = [
      ['mask-rcnn', 'two-stage'],
      ['dist', 'dist'],
    ];
    for (const [variant, kind] of kinds) {
      const file = path(`${variant}.safetensors`);
      await writeUntrainedVariant(file, variant!);
      expect(await refusal(...call(file))).toEqual([
        2,
        `pffnet: --panoptic: ${file} (kind ${kind}) has no semantic branch, which says what is background; leave it out, or train a network that has one: cell-rcnn, panoptic-fpn or pffnet, say`,
      ]);
    }
    expect(existsSync(path('refused'))).toBe(false);
  });

  test('no picture of ids is written over an image', async () => {
    await pffnet('predict', '--model', model, '--out', path('here'), '--panoptic', path('cells', 'images'));
    const image = path('here', 'panoptic', 'synthetic_000.png');
    expect(await refusal('predict', '--model', model, '--out', path('here'), '--panoptic', image)).toEqual([
      2,
      `pffnet: ${image}: the prediction of ${image} would replace this image; choose another --out folder`,
    ]);
  });
});

test('evaluate --panoptic refuses options that it has no use for', async () => {
  const call = ['evaluate', '--panoptic', '--pred', 'a', '--truth', 'b', '--compare', 'c', '--html', 'd'];
  expect(await refusal(...call)).toEqual([
    2,
    'pffnet: --panoptic has no --compare, --html; leave them out, or score label maps without --panoptic',
  ]);
  expect(await refusal('evaluate', '--panoptic', '--pred', path('none.json'), '--truth', path('cells', 'labels'))).toEqual(
    [2, `pffnet: there is no file ${path('none.json')}; expected JSON in COCO's panoptic form, with annotations and their segments_info; check the path`],
  ); // prettier-ignore
});
