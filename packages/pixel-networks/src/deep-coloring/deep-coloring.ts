import { type NetworkFamily, paperProfiles } from '@pffnet/network';
import { coloringSchema, type DeepColoringConfig } from './config.ts';
import { createDeepColoring, termsOf } from './create-deep-coloring.ts';
import { coloringPresets } from './presets.ts';

/** Networks that colour objects, so that those near each other differ. */
export const deepColoring: NetworkFamily<DeepColoringConfig> = {
  kind: 'deep-coloring',
  schema: coloringSchema,
  presets: coloringPresets,
  profiles: paperProfiles,
  variants: { 'deep-coloring': { title: 'Deep colouring', rows: 'VII Deep coloring', patch: {} } },
  mapNames: ['colour'],
  termsOf,
  create: createDeepColoring,
};
