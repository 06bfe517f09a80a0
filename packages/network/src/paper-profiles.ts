import type { Profile, ProfileName } from './network-family.ts';

/** Steps, patches of an image one after the other, and steps between validations. */
const schedule = (iterations: number, perImage: number, validateEvery: number): Profile['scale'] => ({
  training: { iterations, patch: { perImage }, validateEvery },
});

/**
 * What data sets need in the profiles of every family whose own paper says nothing of them. Counts are those that the
 * PFFNet paper's networks train with (sources.md rows 23, P21), so that a table compares networks and not schedules; the
 * rule of prediction is to be tuned on validation images.
 */
export const paperProfiles: Readonly<Record<ProfileName, Profile>> = {
  kumar: { rules: {}, scale: schedule(25600, 20, 3200) },
  tnbc: { rules: {}, scale: schedule(12000, 5, 1500) },
  bbbc039: {
    rules: {
      training: {
        augmentation: {
          gaussianBlur: { probability: 0 },
          medianBlur: { probability: 0 },
          gaussianNoise: { probability: 0 },
        },
      },
    },
    scale: schedule(12000, 10, 1500),
  },
  cpm17: { rules: {}, scale: schedule(25600, 10, 3200) },
  cvppp: {
    rules: {},
    scale: {
      training: {
        iterations: 6400,
        resize: { kind: 'square', side: 512 },
        patch: { size: 512, perImage: 1 },
        validateEvery: 800,
      },
    },
  },
};
