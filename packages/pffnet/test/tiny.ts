import { presets, vary } from '../src/index.ts';

/** Every branch of the network at the least size: losses and gradients of a 64 x 64 image take about 0.1 s on WASM. */
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
