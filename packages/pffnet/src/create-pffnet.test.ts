import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import type { FusedMap } from './instance-semantics/fused-map.ts';
import { presets } from './presets/index.ts';
import { type VariantName, variants } from './variants.ts';
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

  /** For every variant, the modules that PFFNet has and it has not, or the other way round. */
  const exchanged: Readonly<Record<VariantName, RegExp>> = {
    pffnet: /^nothing/,
    'mask-rcnn': /^(semantic|map|fusion|instance\/(mask|quality))\//,
    'cell-rcnn': /^(map|fusion|instance\/(mask|quality))\//,
    'cell-rcnn-v2': /^(fusion|instance\/quality)\//,
    'panoptic-fpn': /^(semantic|map|fusion|instance\/(mask|quality))\//,
    'jsis-net': /^(semantic|map|fusion|instance\/(mask|quality))\//,
    aunet: /^(semantic|map|fusion|instance\/(mask|quality))\//,
    upsnet: /^(semantic|map|fusion|instance\/(mask|quality))\//,
    oanet: /^(semantic|map|fusion|ranking|instance\/(mask|quality))\//,
    replacement: /^nothing/,
    summation: /^nothing/,
    attention: /^nothing/,
    'no-quality': /^instance\/quality\//,
    'no-consistency': /^nothing/,
    'no-fusion': /^fusion\//,
    'no-semantic-branch': /^semantic\//,
    'deconv-mask': /^instance\/mask\//,
  };

  test.each(Object.entries(exchanged))(
    '%s starts with the bits of PFFNet in every parameter that both have, and lacks none elsewhere',
    (name, modules) => {
      const base = createPffnet(tiny);
      const variant = createPffnet(vary(tiny, variants[name as VariantName]));
      const [before, after] = [base, variant].map(valuesOf);
      const common = [...before.keys()].filter((path) => after.has(path));
      for (const path of common)
        expect([path, Buffer.compare(bytes(after, path), bytes(before, path))]).toEqual([path, 0]);
      const single = [...before.keys(), ...after.keys()].filter((path) => !(before.has(path) && after.has(path)));
      expect(single.filter((path) => !modules.test(path))).toEqual([]);
      if (modules.source !== '^nothing') expect(single.length).toBeGreaterThan(0);
      base.scope.dispose();
      variant.scope.dispose();
    },
  );

  test('a wider box head leaves the start of every other module as it was, bit for bit', () => {
    const base = createPffnet(tiny);
    const wider = createPffnet(vary(tiny, { instanceHead: { box: { hidden: 64 } } }));
    const [before, after] = [base, wider].map(valuesOf);
    for (const path of before.keys()) {
      if (path.startsWith('instance/box/')) continue;
      expect([path, Buffer.compare(bytes(after, path), bytes(before, path))]).toEqual([path, 0]);
    }
    base.scope.dispose();
    wider.scope.dispose();
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
    expect((borrowed.instanceSemantics as FusedMap).fusion).toBe(fusion);
    expect(borrowed.instanceHead).toBe(instanceHead);
    expect([...borrowed.scope.variables().keys()]).toEqual(['map/kernel', 'map/bias']);
    base.scope.dispose();
    borrowed.scope.dispose();
  });

  test('a panoptic head without a semantic branch cannot be built', () => {
    const patch = { semanticHead: { kind: 'none' }, instanceSemantics: { kind: 'panoptic' } } as const;
    expect(() => createPffnet(vary(tiny, patch))).toThrow(
      'instanceSemantics.kind: panoptic needs a semantic branch; set semanticHead.kind, to upsnet say',
    );
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
