import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  labelsOfOutlines,
  openDataset,
  readCvpppSubmission,
  readGeoJson,
  readLabelMap,
  readNpyLabels,
  readRoiZip,
  type Sample,
} from '@pffnet/datasets';
import { compactLabels, labelMap, objectIds } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeUntrained } from './untrained.ts';
import { relabelled, writeCells, writeSamples } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');
let samples: readonly Sample[];

beforeAll(async () => {
  samples = await writeCells(cells, { count: 2, relabel: relabelled((id) => id * 2) });
});

describe('data convert --to', () => {
  test('writes what our own readers read back as the same objects', async () => {
    const { code, said } = await pffnet(...['data', 'convert', cells, path('all'), '--to', 'coco,geojson,roi,tiff,npy,csv,cvppp']); // prettier-ignore
    expect([code, said]).toEqual([
      0,
      [`2 label maps as coco.json, geojson/, roi/, tiff/, npy/, csv/, cvppp.h5 in ${path('all')}`],
    ]);
    const submission = await readCvpppSubmission(path('all', 'cvppp.h5'));
    for (const [index, { name, labels }] of samples.entries()) {
      const { labels: compact, ids } = compactLabels(labels);
      expect(await readLabelMap(path('all', 'tiff', `${name}.tif`))).toEqual(labels);
      expect(await readNpyLabels(path('all', 'npy', `${name}.npy`))).toEqual(labels);
      const { labels: outlined } = await labelsOfOutlines(
        readGeoJson(path('all', 'geojson', `${name}.geojson`)),
        labels,
        name,
      );
      expect(outlined).toEqual(compact);
      const selections = await readRoiZip(path('all', 'roi', `${name}.zip`));
      expect((await labelsOfOutlines(selections, labels, name)).labels).toEqual(compact);
      expect(selections.map((selection) => selection.name)).toEqual(ids.map(String));
      const [head, ...rows] = readFileSync(path('all', 'csv', `${name}.csv`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(head).toMatch(/^id,area,perimeter,.*,solidity,mean red,min red,max red,mean green,/);
      expect(rows.map((row) => row.split(',').slice(0, 2).map(Number))).toEqual(
        ids.map((id) => [id, labels.data.filter((value) => value === id).length]),
      );
      expect(submission[index]).toEqual({ set: 'A1', plant: name, labels: compact });
    }
    const coco = JSON.parse(readFileSync(path('all', 'coco.json'), 'utf8')) as Record<string, { file_name: string }[]>;
    expect(coco['images']!.map((image) => image.file_name)).toEqual(['synthetic_000.png', 'synthetic_001.png']);
    const count = samples.reduce((sum, { labels }) => sum + objectIds(labels).length, 0);
    expect(coco['annotations']).toHaveLength(count);
  });

  test('holes, pieces, corners and gaps come back pixel for pixel in every form', async () => {
    // 2 has a hole with 5 in it, 7 two pieces, 9 pixels that meet at a corner; 5 and 9 touch the border or not at all.
    const rows = ['2222..7.7', '2..2..7.7', '2.52....7', '2222.9...', '....9...9'];
    const ids = rows.flatMap((row) => [...row].map((id) => (id === '.' ? 0 : Number(id))));
    const labels = labelMap(rows.length, rows[0]!.length, ids);
    const image = { height: 5, width: 9, data: new Float32Array(5 * 9 * 3).fill(200) };
    await writeSamples(path('hard'), [{ name: 'plant007_rgb', image, labels }]);
    const kinds = 'coco,geojson,roi,tiff,npy,cvppp';
    const call = ['data', 'convert', path('hard'), path('back'), '--to', kinds, '--cvppp-set', 'A5'];
    expect((await pffnet(...call)).code).toBe(0);

    const { labels: compact } = compactLabels(labels);
    const file = (kind: string, ending: string): string => path('back', kind, `plant007_rgb.${ending}`);
    expect(await readLabelMap(file('tiff', 'tif'))).toEqual(labels);
    expect(await readNpyLabels(file('npy', 'npy'))).toEqual(labels);
    expect((await labelsOfOutlines(readGeoJson(file('geojson', 'geojson')), labels, 'geojson')).labels).toEqual(
      compact,
    );
    expect((await labelsOfOutlines(await readRoiZip(file('roi', 'zip')), labels, 'roi')).labels).toEqual(compact);
    // The challenge's name of the image, whatever stands behind it in the file's.
    expect(await readCvpppSubmission(path('back', 'cvppp.h5'))).toEqual([
      { set: 'A5', plant: 'plant007', labels: compact },
    ]);
    // Both opened as data sets of these forms.
    cpSync(path('hard', 'images'), path('back', 'images'), { recursive: true });
    for (const format of ['coco', 'geojson'] as const) {
      const dataset = await openDataset(path('back'), { format });
      expect((await dataset.load('plant007_rgb')).labels).toEqual(compact);
    }
  });

  test('takes a folder of label maps alone, and passes over pictures beside them', async () => {
    writeFileSync(path('cells', 'labels', 'synthetic_000_overlay.png'), 'a picture');
    const { code } = await pffnet(
      ...['data', 'convert', path('cells', 'labels'), path('alone'), '--format', 'labels', '--to', 'geojson'],
    );
    expect([code, readdirSync(path('alone', 'geojson'))]).toEqual([
      0,
      ['synthetic_000.geojson', 'synthetic_001.geojson'],
    ]);
  });

  test('refuses what does not go together, in one line and leaving nothing', async () => {
    const call = (...args: string[]): Promise<unknown[]> => refusal('data', 'convert', cells, path('never'), ...args);
    expect((await call('--to', 'coco,geojsn'))[1]).toMatch(
      /argument 'coco,geojsn' is invalid. Expected a list of coco/,
    );
    expect((await call('--to', 'coco', '--patches', '3'))[1]).toBe(
      'pffnet: --to writes whole label maps; leave out --patches and --split',
    );
    expect((await call('--format', 'labels'))[1]).toMatch(
      /^pffnet: --format labels: a data set needs images beside the label maps/,
    );
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe('predict --export', () => {
  test('writes the objects found with their scores, and evaluate still reads the folder', async () => {
    await writeUntrained(path('model.safetensors'));
    const call = ['--model', path('model.safetensors'), '--out', path('out'), path('cells', 'images')];
    const { code } = await pffnet('predict', ...call, '--export', 'coco,geojson,tiff', '--json', path('objects.json'));
    expect(code).toBe(0);
    const [first] = JSON.parse(readFileSync(path('objects.json'), 'utf8')) as [{ instances: Record<string, number>[] }];
    const features = [];
    for await (const feature of readGeoJson(path('out', 'geojson', 'synthetic_000.geojson'))) features.push(feature);
    expect(features).toHaveLength(first.instances.length);
    expect(features[0]).toMatchObject({ name: '1', measurements: { confidence: first.instances[0]!['confidence'] } });
    expect(await readLabelMap(path('out', 'tiff', 'synthetic_001.tif'))).toEqual(
      await readLabelMap(path('out', 'synthetic_001.png')),
    );
    expect(existsSync(path('out', 'coco.json'))).toBe(true);
    const { code: scored } = await pffnet('evaluate', '--pred', path('out'), '--truth', path('out', 'tiff'));
    expect(scored).toBe(0);
  });
});
