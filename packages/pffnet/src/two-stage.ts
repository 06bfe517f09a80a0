import type { NetworkFamily } from '@pffnet/network';
import { configSchema, type PffnetConfig } from './config.ts';
import { createPffnet } from './create-pffnet.ts';
import { describeAnchors } from './describe-anchors.ts';
import { readAs } from './fidelity.ts';
import { forLabelMaps } from './for-label-maps.ts';
import { termsOf } from './loss-terms.ts';
import { presets } from './presets/index.ts';
import { pretrainedStart } from './pretrained-start.ts';
import { profiles } from './profiles.ts';
import { namedNetworks } from './variants.ts';

/** Networks that propose boxes, then describe each: PFFNet, its variants, and the rivals that share its flow. */
export const twoStage: NetworkFamily<PffnetConfig> = {
  kind: 'two-stage',
  schema: configSchema,
  presets,
  profiles,
  variants: namedNetworks,
  mapNames: ['semantic', 'fused'],
  readAs,
  termsOf,
  forLabelMaps,
  start: pretrainedStart,
  create: (config, scope) => createPffnet(config, {}, scope),
  describeData: describeAnchors,
};
