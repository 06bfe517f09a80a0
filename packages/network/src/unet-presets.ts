import type { NetworkConfig } from './network-config.ts';
import { paperTraining } from './paper-training.ts';

/** The optimiser of every family that is one U-Net: rate, momentum, decay and its fall are those of DIST's authors. */
export const unetTraining = {
  ...paperTraining,
  learningRate: 0.01,
  weightDecay: 5e-5,
  decay: { at: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], factor: 0.72 },
  clipNorm: 10,
};

/** A config of a family that is one U-Net. */
interface UnetConfig extends NetworkConfig {
  readonly unet: { readonly width: number; readonly depth: number; readonly groups: number };
}

/**
 * The presets of a family that is one U-Net, by name, made from its `paper`. `small` costs a step what PFFNet's `small` does:
 * 24 channels, four poolings, about 40 GFLOP on 256 x 256. `smoke` is small enough for tests and the demo: 8 channels, three
 * poolings, about 1 GFLOP on 128 x 128.
 */
export function unetPresets<C extends UnetConfig>(paper: C): Readonly<Record<'paper' | 'small' | 'smoke', C>> {
  const small = {
    ...paper,
    preset: 'small',
    unet: { width: 24, depth: 4, groups: 8 },
    training: {
      ...paper.training,
      iterations: 1500,
      warmup: { iterations: 100, factor: 1 / 3 },
      patch: { size: 256, perImage: 1 },
      validateEvery: 250,
    },
    test: { ...paper.test, tiles: { abovePixels: 800 * 800, size: 512, overlap: 128 } },
  };
  const smoke = {
    ...small,
    preset: 'smoke',
    unet: { width: 8, depth: 3, groups: 4 },
    training: {
      ...small.training,
      iterations: 600,
      warmup: { iterations: 30, factor: 1 / 3 },
      patch: { size: 128, perImage: 1 },
      validateEvery: 200,
    },
  };
  return { paper, small, smoke };
}
