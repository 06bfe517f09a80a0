import { type NetworkFamily, paperProfiles } from '@pffnet/network';
import { type DiscriminativeConfig, discriminativeSchema } from './config.ts';
import { createDiscriminative, termsOf } from './create-discriminative.ts';
import { discriminativePresets } from './presets.ts';

/** Networks that give pixels of an object embeddings near each other, and far from those of others. */
export const discriminative: NetworkFamily<DiscriminativeConfig> = {
  kind: 'discriminative',
  schema: discriminativeSchema,
  presets: discriminativePresets,
  profiles: paperProfiles,
  variants: { discriminative: { title: 'Discriminative loss', rows: 'VII Discriminative loss', patch: {} } },
  mapNames: ['semantic'],
  termsOf,
  create: createDiscriminative,
};
