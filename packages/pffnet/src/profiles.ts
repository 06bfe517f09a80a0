import type { ProfileName } from '@pffnet/network';
import type { ConfigPatch } from './config.ts';

/** What the authors set per data set. */
interface Profile {
  readonly rules: ConfigPatch;
  readonly scale: ConfigPatch;
}

const basicAugmentation: ConfigPatch = {
  training: {
    augmentation: {
      gaussianBlur: { probability: 0 },
      medianBlur: { probability: 0 },
      gaussianNoise: { probability: 0 },
    },
  },
};

const kumar: Profile = {
  rules: { test: { minScore: 0.5, nms: 0.3 } },
  scale: {
    instanceHead: {
      proposals: {
        train: { perLevelBeforeNms: 2000, perLevelAfterNms: 1000, total: 2000 },
        test: { perLevelBeforeNms: 30000, perLevelAfterNms: 15000, total: 8000 },
      },
      roiSampling: { count: 512 },
    },
    training: { iterations: 25600, patch: { perImage: 20 }, validateEvery: 3200 },
    test: { limit: 4000 },
  },
};

/**
 * Values from Section IV-A and the released code (sources.md rows 23, P21). Of CPM17, from which Table XII transfers to
 * Kumar, the paper gives the patches and the augmentation, which is Kumar's, and no counts or schedule: they are Kumar's too.
 */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  kumar,
  tnbc: {
    rules: { test: { minScore: 0.5, nms: 0.3 } },
    scale: {
      instanceHead: {
        proposals: {
          train: { perLevelBeforeNms: 1000, perLevelAfterNms: 500, total: 2000 },
          test: { perLevelBeforeNms: 4000, perLevelAfterNms: 2000, total: 1000 },
        },
        roiSampling: { count: 256 },
      },
      training: { iterations: 12000, patch: { perImage: 5 }, validateEvery: 1500 },
      test: { limit: 500 },
    },
  },
  bbbc039: {
    rules: { ...basicAugmentation, test: { minScore: 0.35, nms: 0.3 } },
    scale: {
      instanceHead: {
        proposals: {
          train: { perLevelBeforeNms: 1000, perLevelAfterNms: 500, total: 2000 },
          test: { perLevelBeforeNms: 4000, perLevelAfterNms: 2000, total: 1500 },
        },
        roiSampling: { count: 256 },
      },
      training: { iterations: 12000, patch: { perImage: 10 }, validateEvery: 1500 },
      test: { limit: 800 },
    },
  },
  cpm17: {
    rules: kumar.rules,
    scale: { ...kumar.scale, training: { ...kumar.scale.training, patch: { perImage: 10 } } },
  },
  cvppp: {
    rules: { test: { minScore: 0.6, nms: 0.35 } },
    scale: {
      instanceHead: {
        proposals: {
          train: { perLevelBeforeNms: 1000, perLevelAfterNms: 500, total: 2000 },
          test: { perLevelBeforeNms: 1000, perLevelAfterNms: 500, total: 200 },
        },
        roiSampling: { count: 128 },
      },
      training: {
        iterations: 6400,
        resize: { kind: 'square', side: 512 },
        patch: { size: 512, perImage: 1 },
        validateEvery: 800,
      },
      test: { limit: 50 },
    },
  },
};
