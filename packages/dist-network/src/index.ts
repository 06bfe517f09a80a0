export { configSchema, type DistConfig, type DistRule } from './config.ts';
export { createDist } from './create-dist.ts';
export { dist } from './dist-family.ts';
export { DistPredictor, type Reading } from './dist-predictor.ts';
export { presets } from './presets.ts';
export { depthsOf, separateObjects } from './separate-objects.ts';
