import { importBackboneWeights } from '@pffnet/backbone';
import type { PretrainedStart } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import type { PffnetConfig } from './config.ts';

/** A backbone that starts from ImageNet kernels. */
export const pretrainedStart: PretrainedStart<PffnetConfig> = {
  fileOf: ({ backbone }) => (backbone.init === 'random' ? null : backbone.init),
  // The released code freezes the first stages of a pretrained trunk; frozen random ones would never learn.
  assertLearns({ backbone }) {
    if (backbone.init !== 'random' || (backbone.freezeStages === 0 && backbone.norm.kind === 'group')) return;
    throw new ConfigError(
      'backbone.init is random, and frozen random filters never learn; give backbone.init a file of ImageNet kernels, or set backbone.freezeStages=0 and a group norm',
    );
  },
  // Kernels learned on images of one normalisation need the same one.
  settingsOf: ({ backbone }, bytes) => ({ input: importBackboneWeights(bytes, backbone, backbone.init).input }),
  weightsOf({ backbone }, bytes) {
    const { values } = importBackboneWeights(bytes, backbone, backbone.init);
    return new Map([...values].map(([path, value]) => [`backbone/${path}`, value]));
  },
};
