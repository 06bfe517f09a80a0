import { presets, vary } from '@pffnet/pffnet';

/** Samples stay as they are. */
export const noAugmentation = {
  flips: false,
  quarterTurns: false,
  gaussianBlur: { probability: 0, maxSigma: 1 },
  medianBlur: { probability: 0, sizes: [3] },
  gaussianNoise: { probability: 0, maxDeviation: 1 },
};

/** Every branch of the network at the least size: a step on its 64 x 64 patches takes about 0.1 s on WASM. */
export const tiny = vary(presets.smoke, {
  backbone: { width: 8, pyramidChannels: 16, norm: { kind: 'group', groups: 4 } },
  semanticHead: { kind: 'gcn', channels: 8, groups: 4 },
  instanceHead: {
    anchors: { sizes: [8, 16, 32, 64, 128] },
    proposals: {
      train: { perLevelBeforeNms: 60, perLevelAfterNms: 30, total: 40 },
      test: { perLevelBeforeNms: 60, perLevelAfterNms: 30, total: 40 },
    },
    roiSampling: { count: 16 },
    box: { hidden: 32 },
    mask: { channels: 8 },
    quality: { hidden: 16 },
    groups: 4,
    chunk: 16,
  },
  training: { patch: { size: 64 } },
});
