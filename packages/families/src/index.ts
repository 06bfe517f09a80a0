export { createNetwork, createStoredNetwork, decodeNetwork } from './create-network.ts';
export { describeData } from './describe-data.ts';
export { families } from './families.ts';
export { familyOf } from './family-of.ts';
export { parseConfig, vary } from './parse-config.ts';
export { type ConfigRequest, resolveConfig } from './resolve-config.ts';
export { type NamedVariant, variantNamed, variants } from './variants.ts';
