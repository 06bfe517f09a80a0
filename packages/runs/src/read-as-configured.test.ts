import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Dataset, sayNotes, usualPercentiles, writeImage } from '@pffnet/datasets';
import { resolveConfig } from '@pffnet/families';
import { type NetworkConfig, readingOf } from '@pffnet/network';
import { readToPredict, settleScaling } from './read-as-configured.ts';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-reading-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const smoke = resolveConfig({ base: 'smoke', source: 'test' });
const withScaling = (scaling: NetworkConfig['input']['scaling']): NetworkConfig => ({
  ...smoke,
  input: { ...smoke.input, scaling },
});
const dataset = (storedBits?: readonly number[]): Dataset => ({ names: [], storedBits, load: () => Promise.reject() });

describe('settleScaling', () => {
  test.each([
    [[1, 8], { kind: 'range' }],
    [[16], usualPercentiles],
    [[8, 16], { kind: 'auto' }],
    [undefined, { kind: 'auto' }],
  ] as const)('auto on files of %j bits comes to %j', (bits, scaling) => {
    expect(settleScaling(smoke, dataset(bits)).input.scaling).toEqual(scaling);
  });

  test('leaves a scaling that was asked for', () => {
    const asked = withScaling({ kind: 'min-max' });
    expect(settleScaling(asked, dataset([8]))).toBe(asked);
  });
});

describe('readingOf', () => {
  test('hands on scaling and channel', () => {
    const config = withScaling({ kind: 'range' });
    expect(readingOf({ ...config, input: { ...config.input, channel: 'DAPI' } })).toEqual({
      scaling: { kind: 'range' },
      channel: 'DAPI',
    });
  });
});

describe('readToPredict', () => {
  test('takes 8 bits as they are for a network that learned from them, or as told', async () => {
    const file = join(folder, 'a.png');
    await writeImage(file, { height: 1, width: 2, data: Float32Array.of(10, 10, 10, 60, 60, 60) });
    const lines: string[] = [];
    const read = async (scaling?: 'min-max'): Promise<number[]> => {
      const options = scaling === undefined ? {} : { scaling };
      const image = await readToPredict(withScaling({ kind: 'range' }), file, options, (line) => lines.push(line));
      return [image.data[0]!, image.data[3]!];
    };
    expect(await read()).toEqual([10, 60]);
    expect(await read('min-max')).toEqual([0, 255]);
    expect(lines).toEqual([]);
  });
});

describe('sayNotes', () => {
  test('says each line once, however often its file is read', () => {
    const lines: string[] = [];
    for (const notes of [['a.tif: x'], ['a.tif: x', 'b.tif: y'], undefined]) {
      sayNotes(notes === undefined ? {} : { notes }, (line) => lines.push(line));
    }
    expect(lines).toEqual(['a.tif: x', 'b.tif: y']);
  });
});
