import { describe, expect, test } from '@jest/globals';
import { type PffnetConfig, presets, readAs, type VariantName, variants, vary } from '@pffnet/pffnet';
import { parseConfig } from './parse-config.ts';
import { resolveConfig } from './resolve-config.ts';

const resolve = (settings: string[], base: string | Record<string, unknown> = 'smoke') =>
  resolveConfig({ base, source: 'test.json', settings }) as PffnetConfig;

describe('presets', () => {
  test.each(Object.entries(presets))('%s is a whole config with every branch', (_, config) => {
    expect(parseConfig(config, 'preset')).toEqual(config);
    expect(config.semanticHead.kind).toBe('gcn');
    expect(config.instanceHead.quality.kind).toBe('mask-quality');
    expect(config.instanceHead.mask.kind).toBe('dual');
    expect(config.instanceSemantics).toMatchObject({ kind: 'pyramid-map', fusion: { kind: 'residual-attention' } });
    expect(config.loss).toEqual({ alpha1: 0.1, alpha2: 1, rois: 0 });
  });

  test('paper is the paper: ResNet-101, 32-512 anchors, 32 groups', () => {
    expect(presets.paper.backbone).toMatchObject({ depth: 101, width: 64, pyramidChannels: 256, init: 'random' });
    expect(presets.paper.instanceHead.anchors.sizes).toEqual([32, 64, 128, 256, 512]);
    expect(presets.paper.training).toMatchObject({ learningRate: 0.003, momentum: 0.9, weightDecay: 1e-4 });
  });

  test('small has at most 32 positive RoIs, smoke 12', () => {
    const positives = ({ count, positiveFraction }: { count: number; positiveFraction: number }) =>
      count * positiveFraction;
    expect(positives(presets.small.instanceHead.roiSampling)).toBe(32);
    expect(positives(presets.smoke.instanceHead.roiSampling)).toBe(12);
  });
});

describe('resolveConfig', () => {
  test('sets one key and leaves the others', () => {
    const { loss, training } = resolve(['loss.alpha1=0.5', 'training.iterations=7']);
    expect(loss).toEqual({ alpha1: 0.5, alpha2: 1, rois: 0 });
    expect(training).toEqual({ ...presets.smoke.training, iterations: 7 });
  });

  test('another kind of fusion keeps the switches that it shares with the one before', () => {
    const kind = 'instanceSemantics.fusion.kind=summation';
    const fusion = { kind: 'summation', head: 'refine', detachMask: false, window: 'exact' };
    expect(resolve([kind]).instanceSemantics).toEqual({ kind: 'pyramid-map', boxes: 'refined', fusion });
    const single = 'instanceSemantics.fusion.head=none';
    expect(resolve([single, kind]).instanceSemantics).toMatchObject({ fusion: { ...fusion, head: 'none' } });
  });

  const attending = { window: 'released-extent-swap', order: 'resize-sigmoid', channels: 'both', detachMask: true };
  const pasting = { window: 'released-extent-swap', detachMask: false };

  test.each([
    ['attention', attending],
    ['residual-attention', attending],
    ['replacement', pasting],
    ['summation', pasting],
  ])('released-code turns the switches of %s, before and after it is chosen', (kind, switches) => {
    const choice = `instanceSemantics.fusion.kind=${kind}`;
    for (const settings of [
      [choice, 'fidelity=released-code'],
      ['fidelity=released-code', choice],
    ]) {
      expect(resolve(settings).instanceSemantics).toMatchObject({ fusion: { kind, ...switches } });
    }
    const file = { extends: 'smoke', fidelity: 'released-code', instanceSemantics: { fusion: { kind } } };
    expect(resolve([], file).instanceSemantics).toMatchObject({ fusion: { kind, ...switches } });
  });

  test.each(Object.keys(variants))('%s takes either fidelity, and keeps what makes it that variant', (variant) => {
    for (const fidelity of ['paper', 'released-code'] as const) {
      const settings = [`fidelity=${fidelity}`];
      const config = resolveConfig({ base: 'smoke', source: 'test', variant, settings });
      expect(config).toMatchObject(variants[variant as VariantName]);
      expect(config.fidelity).toBe(fidelity);
      // The order of variant and fidelity does not matter.
      const file = { extends: 'smoke', fidelity };
      expect(resolveConfig({ base: file, source: 'test', variant })).toEqual(config);
      expect(vary(readAs(fidelity, presets.smoke), variants[variant as VariantName])).toEqual(config);
    }
  });

  test('released-code turns every switch of docs/sources.md', () => {
    const config = resolve(['fidelity=released-code'], 'paper');
    expect(config).toMatchObject({
      fidelity: 'released-code',
      geometry: 'legacy',
      loss: { alpha1: 1 },
      instanceHead: { mask: { repeatLastConv: true }, quality: { packing: 'view' } },
      instanceSemantics: {
        fusion: { detachMask: true, channels: 'both', order: 'resize-sigmoid', window: 'released-extent-swap' },
      },
      test: { dropCoveredAbove: 0.7 },
    });
  });

  test('single switches win over the fidelity, files over presets, settings over files', () => {
    const file = { extends: 'small', fidelity: 'released-code', loss: { alpha1: 0.3 }, geometry: 'continuous' };
    const config = resolve(['loss.alpha1=0.4'], file);
    expect(config).toMatchObject({
      preset: 'small',
      geometry: 'continuous',
      loss: { alpha1: 0.4 },
      test: { dropCoveredAbove: 0.7 },
    });
  });

  test('a profile gives paper its counts, and smaller presets only the rules', () => {
    const withProfile = (base: string) => resolveConfig({ base, source: 'test', profile: 'cvppp' });
    expect(withProfile('paper')).toMatchObject({
      test: { minScore: 0.6, nms: 0.35, limit: 50 },
      training: { iterations: 6400 },
    });
    expect(withProfile('small')).toMatchObject({
      test: { minScore: 0.6, nms: 0.35, limit: null },
      training: { iterations: 1500 },
    });
  });

  test('CPM17 has the settings of Kumar but for its patches', () => {
    const [kumar, cpm17] = (['kumar', 'cpm17'] as const).map((profile) =>
      resolveConfig({ base: 'paper', source: 'test', profile }),
    ) as PffnetConfig[];
    expect([kumar.training.patch.perImage, cpm17.training.patch.perImage]).toEqual([20, 10]);
    expect(vary(cpm17, { training: { patch: { perImage: 20 } } })).toEqual(kumar);
  });

  test('a resolved config resolves to itself', () => {
    const config = resolve(['fidelity=released-code', 'geometry=continuous'], 'small');
    expect(resolve([], { ...config })).toEqual(config);
  });

  test('a fidelity among the settings turns the switches of a saved config too', () => {
    const saved = { ...resolve([], 'small') };
    expect(resolve(['loss.alpha1=0.7', 'fidelity=released-code'], saved)).toMatchObject({
      fidelity: 'released-code',
      geometry: 'legacy',
      loss: { alpha1: 0.7 },
    });
  });

  test('a config saved before a key existed takes its default', () => {
    const { scaling: _, ...input } = presets.small.input;
    expect(resolve([], { ...presets.small, input })).toEqual(presets.small);
  });

  test.each([
    [['loss.alfa1=1'], '--set loss.alfa1=1: there is no key loss.alfa1; did you mean alpha1?'],
    [['trainning.iterations=1'], '--set trainning.iterations=1: there is no key trainning; did you mean training?'],
    [
      ['instanceSemantics.fusion.chanels=both'],
      '--set instanceSemantics.fusion.chanels=both: there is no key instanceSemantics.fusion.chanels; did you mean channels?',
    ],
    [['training.iterations=many'], '--set training.iterations=many: training.iterations is "many"; expected number'],
    [
      ['instanceSemantics.fusion.kind=atention'],
      '--set instanceSemantics.fusion.kind=atention: instanceSemantics.fusion.kind is "atention"; expected none, replacement, summation, attention or residual-attention; did you mean attention?',
    ],
    [
      ['training.precision=bf61'],
      '--set training.precision=bf61: training.precision is "bf61"; expected f32 or bf16; did you mean bf16?',
    ],
    [['backbone.depth=19'], '--set backbone.depth=19: backbone.depth is 19; expected 18, 34, 50 or 101'],
    [['seed=-1'], '--set seed=-1: seed is -1; expected a number of at least 0'],
    [['input.channel=true'], '--set input.channel=true: input.channel is true; expected number, or expected string'],
    [['loss.alpha1'], '--set loss.alpha1: expected key=value, such as loss.alpha1=1'],
  ])('%j is refused: %s', (settings, message) => {
    expect(() => resolve(settings)).toThrow(message);
  });

  test('names the nearest preset, variant and profile', () => {
    expect(() => resolve([], 'smal')).toThrow(
      'test.json: there is no preset smal; did you mean small? (paper, small, smoke)',
    );
    expect(() => resolveConfig({ base: 'paper', source: '--config', variant: 'cell-rcnn-v3' })).toThrow(
      '--variant: there is no variant cell-rcnn-v3; did you mean cell-rcnn-v2? (pffnet, mask-rcnn, cell-rcnn, ',
    );
    expect(() => resolveConfig({ base: 'paper', source: '--config', profile: 'kummar' })).toThrow(
      '--profile: there is no profile kummar; did you mean kumar? (kumar, tnbc, bbbc039, cpm17, cvppp)',
    );
  });
});
