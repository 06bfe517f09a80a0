export { chooseColours, coloringLoss, type ColourWeights, colourWeights } from './deep-coloring/coloring-loss.ts';
export { ColoringPredictor, type ColourReading } from './deep-coloring/coloring-predictor.ts';
export { colourObjects } from './deep-coloring/colour-objects.ts';
export { coloringSchema, type DeepColoringConfig, type DeepColoringRule } from './deep-coloring/config.ts';
export { createDeepColoring } from './deep-coloring/create-deep-coloring.ts';
export { deepColoring } from './deep-coloring/deep-coloring.ts';
export { objectRegions, type ObjectRegion } from './deep-coloring/object-regions.ts';
export { coloringPresets } from './deep-coloring/presets.ts';
