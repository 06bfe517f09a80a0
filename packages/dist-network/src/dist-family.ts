import { type NetworkFamily, paperProfiles } from '@pffnet/network';
import { configSchema, type DistConfig } from './config.ts';
import { createDist, terms } from './create-dist.ts';
import { presets } from './presets.ts';

/** Networks that learn distance maps, which a watershed cuts into objects. */
export const dist: NetworkFamily<DistConfig> = {
  kind: 'dist',
  schema: configSchema,
  presets,
  profiles: paperProfiles,
  variants: { dist: { title: 'DIST', rows: 'II DIST', patch: {} } },
  mapNames: ['distance'],
  termsOf: () => terms,
  create: createDist,
};
