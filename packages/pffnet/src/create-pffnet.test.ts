import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/tensor-ops/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import type { ConfigPatch } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { presets } from './presets/index.ts';
import { vary } from './vary.ts';

const valuesOf = ({ scope }: Pffnet): Map<string, Float32Array> =>
  new Map([...scope.variables()].map(([path, variable]) => [path, variable.dataSync() as Float32Array]));

describe('createPffnet', () => {
  test('names every parameter by its module, and trains all of them', () => {
    const { scope, trainable } = createPffnet(tiny);
    const modules = new Set([...scope.variables().keys()].map((path) => path.replace(/^(instance\/\w+|\w+).*/, '$1')));
    expect([...modules].sort()).toEqual([
      'backbone',
      'fusion',
      'instance/box',
      'instance/mask',
      'instance/quality',
      'instance/rpn',
      'map',
      'semantic',
    ]);
    expect([...trainable.keys()]).toEqual([...scope.variables().keys()]);
    scope.dispose();
  });

  // `paper` is counted with the whole-network cases, where it is built anyway.
  test.each([
    ['small', 20_884_952],
    ['smoke', 3_748_072],
  ] as const)('preset %s has the %d parameters that the README names', (name, expected) => {
    const { scope } = createPffnet(presets[name]);
    expect([...scope.variables().values()].reduce((total, { size }) => total + size, 0)).toBe(expected);
    scope.dispose();
  });

  test.each<[string, ConfigPatch, RegExp]>([
    ['another fusion', { instanceSemantics: { fusion: { kind: 'summation' } } }, /^fusion\//],
    ['no fusion', { instanceSemantics: { fusion: { kind: 'none' } } }, /^fusion\//],
    ['no second semantic prediction', { instanceSemantics: { kind: 'none' } }, /^(fusion|map)\//],
    ['no quality branch', { instanceHead: { quality: { kind: 'none' } } }, /^instance\/quality\//],
    ['another mask head', { instanceHead: { mask: { kind: 'deconv', channels: 8 } } }, /^instance\/mask\//],
    ['no semantic head', { semanticHead: { kind: 'none' } }, /^semantic\//],
    ['wider pyramid heads', { instanceHead: { box: { hidden: 64 } } }, /^instance\/box\//],
    ['frozen stages', { backbone: { freezeStages: 2 } }, /^nothing/],
  ])('%s leaves the start of every other parameter as it was, bit for bit', (_, patch, swapped) => {
    const base = createPffnet(tiny);
    const variant = createPffnet(vary(tiny, patch));
    const [before, after] = [base, variant].map(valuesOf);
    const rest = [...before.keys()].filter((path) => !swapped.test(path));
    expect([...after.keys()].filter((path) => !swapped.test(path))).toEqual(rest);
    for (const path of rest) expect([path, Buffer.compare(bytes(after, path), bytes(before, path))]).toEqual([path, 0]);
    base.scope.dispose();
    variant.scope.dispose();
  });

  test('starts elsewhere with another seed', () => {
    const [a, b] = [1, 2].map((seed) => {
      const model = createPffnet(vary(tiny, { seed }));
      const kernel = model.scope.variables().get('map/kernel')!.dataSync();
      model.scope.dispose();
      return [...kernel];
    });
    expect(a).not.toEqual(b);
  });

  test('does not train the stages that the config freezes', () => {
    const { scope, trainable } = createPffnet(vary(tiny, { backbone: { freezeStages: 2 } }));
    const frozen = [...scope.variables().keys()].filter((path) => !trainable.has(path));
    expect(frozen.length).toBeGreaterThan(0);
    expect(frozen.every((path) => /^backbone\/(stem|stage2)\//.test(path))).toBe(true);
    scope.dispose();
  });

  test('takes modules of one’s own, and does not build those that they replace', () => {
    const base = createPffnet(tiny);
    const { backbone, semanticHead, instanceHead } = base;
    const fusion = {
      fuse: () => {
        throw new Error('not called here');
      },
    };
    const borrowed = createPffnet(tiny, {
      backbone: () => backbone,
      semanticHead: () => semanticHead!,
      instanceHead: () => instanceHead,
      fusion: () => fusion,
    });
    expect(borrowed.instanceSemantics!.fusion).toBe(fusion);
    expect(borrowed.instanceHead).toBe(instanceHead);
    expect([...borrowed.scope.variables().keys()]).toEqual(['map/kernel', 'map/bias']);
    base.scope.dispose();
    borrowed.scope.dispose();
  });

  test('frees everything when its scope is disposed, and when it cannot be built', () => {
    const before = memory().numTensors;
    createPffnet(tiny).scope.dispose();
    expect(memory().numTensors).toBe(before);
    expect(() => createPffnet(vary(tiny, { instanceHead: { groups: 5 } }))).toThrow(ConfigError);
    expect(memory().numTensors).toBe(before);
  });
});

function bytes(values: ReadonlyMap<string, Float32Array>, path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = values.get(path)!;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
