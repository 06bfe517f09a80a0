export type { Backbone, Pyramid } from './backbone.ts';
export { type BackboneConfig, type BackboneNorm, type BackboneOptions, backboneSchema } from './backbone-options.ts';
export { createBackbone } from './create-backbone.ts';
export { frozenPrefixes } from './frozen-prefixes.ts';
export { type ParameterCount, parameterCount } from './parameter-count.ts';
export { type ImportedWeights, importBackboneWeights } from './weights/import-backbone-weights.ts';
export type { InputNormalisation } from './weights/weight-layout.ts';
export { createUnet, type Unet } from './unet.ts';
export { type UnetConfig, unetSchema } from './unet-options.ts';
