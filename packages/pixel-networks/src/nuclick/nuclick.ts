import { type NetworkFamily, paperProfiles } from '@pffnet/network';
import { type NuclickConfig, nuclickSchema } from './config.ts';
import { createNuclick, termsOf } from './create-nuclick.ts';
import { nuclickPresets } from './presets.ts';

/** Networks that are given a click on every object: in tests, clicks drawn from the truth. */
export const nuclick: NetworkFamily<NuclickConfig> = {
  kind: 'nuclick',
  schema: nuclickSchema,
  presets: nuclickPresets,
  profiles: paperProfiles,
  variants: { nuclick: { title: 'NuClick (clicks drawn from the truth)', rows: 'XII NuClick', patch: {} } },
  mapNames: [],
  termsOf,
  create: createNuclick,
};
