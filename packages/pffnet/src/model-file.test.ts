import { afterAll, describe, expect, test } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { assignWeights, assertUnchanged, encodeModel, encodePackedModel, MOMENTUM, readWeights } from '@pffnet/network';
import { ConfigError, DataError } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import { createPffnet } from './create-pffnet.ts';
import { decodeModel } from './model-file.ts';
import { vary } from './vary.ts';

const model = createPffnet(vary(tiny, { seed: 4 }));
const file = await encodeModel(model, { step: '7' });
afterAll(() => {
  model.scope.dispose();
});

/** The file with something changed. */
function changed(change: (tensors: Map<string, PlainTensor>, metadata: Record<string, string>) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(file);
  const copy = { tensors: new Map(tensors), metadata: { ...metadata } };
  change(copy.tensors, copy.metadata);
  return encodeSafetensors(copy);
}

describe('encodePackedModel', () => {
  test('is read as any file is: every weight within half a step of its channel, whatever has one axis to the bit', async () => {
    const packed = await encodePackedModel(model, { step: '7' });
    await assertUnchanged(packed, 'packed');
    const decoded = decodeModel(packed, 'packed');
    expect(decoded.config).toEqual(model.config);
    const [ours, theirs] = [await readWeights(model), await readWeights(decoded)];
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [path, { shape, data }] of ours) {
      const channels = shape[shape.length - 1]!;
      const steps = new Float64Array(channels);
      if (shape.length > 1) {
        for (const [at, value] of [...data].entries()) {
          steps[at % channels] = Math.max(steps[at % channels]!, Math.abs(value) / 127);
        }
      }
      const moved = [...data].map((value, at) => Math.abs(value - theirs.get(path)!.data[at]!));
      expect([path, moved.filter((by, at) => by > 0.501 * steps[at % channels]!)]).toEqual([path, []]);
    }
    decoded.scope.dispose();
    expect(packed.byteLength).toBeLessThan(0.4 * file.byteLength);
  });
});

describe('encodeModel and decodeModel', () => {
  test('bring back config and weights, bit for bit, and what else was written down', async () => {
    const before = memory().numTensors;
    const decoded = decodeModel(file, 'model');
    expect(decoded.config).toEqual(model.config);
    const [ours, theirs] = [await readWeights(model), await readWeights(decoded)];
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [path, { shape, data }] of ours) {
      const other = theirs.get(path)!;
      expect([path, other.shape]).toEqual([path, shape]);
      expect(other.data.every((value, at) => Object.is(value, data[at]))).toBe(true);
    }
    decoded.scope.dispose();
    expect(memory().numTensors).toBe(before);
    expect(decodeSafetensors(file).metadata).toMatchObject({
      format: 'pffnet-1',
      step: '7',
      layouts: expect.stringContaining('HWIO'),
    });
  });

  test('do not mind the velocities of a checkpoint', () => {
    const checkpoint = changed((tensors) => {
      for (const [path, value] of [...tensors]) tensors.set(`${MOMENTUM}${path}`, value);
    });
    const decoded = decodeModel(checkpoint, 'last');
    expect(decoded.scope.variables().size).toBe(model.scope.variables().size);
    decoded.scope.dispose();
  });

  test.each<[string, Uint8Array, new (message: string) => Error, string]>([
    [
      'text',
      new TextEncoder().encode('not a model at all'),
      DataError,
      'm: not a safetensors file (its header is cut short); save it again',
    ],
    ['nothing', new Uint8Array(0), DataError, 'm: not a safetensors file (0 bytes); save it again'],
    ['half a file', file.subarray(0, file.length / 2), DataError, ' is cut short); save it again'],
    [
      'weights of other people',
      changed((_, metadata) => delete metadata['config']),
      DataError,
      'm: holds no config; expected weights that pffnet train wrote',
    ],
    [
      'a config that is no JSON',
      changed((_, metadata) => (metadata['config'] = '{')),
      DataError,
      'm: holds no config; expected weights that pffnet train wrote',
    ],
    [
      'a config of another version',
      changed((_, metadata) => (metadata['config'] = metadata['config'].replace('"alpha1"', '"alpha"'))),
      ConfigError,
      'm: config: ',
    ],
    [
      'a format that came later',
      changed((_, metadata) => (metadata['format'] = 'pffnet-9')),
      DataError,
      'm: is of format pffnet-9, and this version reads pffnet-1, pffnet-checkpoint-1, pffnet-packed-1; a newer version of pffnet may have written it: install that one',
    ],
    [
      'a packed file without a hash',
      changed((_, metadata) => (metadata['format'] = 'pffnet-packed-1')),
      DataError,
      'm: lacks its hash (sha256 in its metadata); get the file again',
    ],
    [
      'a parameter less',
      changed((tensors) => tensors.delete('map/bias')),
      DataError,
      'm: parameter map/bias [2] is missing; these weights belong to another config',
    ],
    [
      'a parameter more',
      changed((tensors) => tensors.set('map/scale', { shape: [1], data: new Float32Array(1) })),
      DataError,
      'm: there is no parameter map/scale; these weights belong to another config',
    ],
    [
      'another shape',
      changed((tensors) => tensors.set('map/bias', { shape: [3], data: new Float32Array(3) })),
      DataError,
      'm: parameter map/bias is [3], expected [2]; these weights belong to another config',
    ],
  ])('%s: one line, and nothing stays in memory', (_, bytes, kind, message) => {
    const before = memory().numTensors;
    const decode = (): unknown => decodeModel(bytes, 'm');
    expect(decode).toThrow(kind);
    expect(decode).toThrow(message);
    expect(decode).toThrow(/^[^\n]+$/);
    expect(memory().numTensors).toBe(before);
  });
});

describe('assignWeights', () => {
  test('refuses the weights of a network with another branch, and changes nothing', async () => {
    const other = createPffnet(vary(tiny, { seed: 9, instanceHead: { quality: { kind: 'none' } } }));
    const before = other.scope.variables().get('map/kernel')!.dataSync().slice();
    const weights = await readWeights(model);
    expect(() => {
      assignWeights(other, weights, 'best.safetensors');
    }).toThrow(
      /^best\.safetensors: there is no parameter instance\/quality\/.+; these weights belong to another config$/,
    );
    expect(other.scope.variables().get('map/kernel')!.dataSync()).toEqual(before);
    other.scope.dispose();
  });
});
