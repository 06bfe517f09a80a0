export { contours } from './contours.ts';
export { keepConfident, type Ranking } from './keep-confident.ts';
export {
  type ChannelImage,
  type Intensity,
  measurementColumns,
  measureObjects,
  type ObjectMeasurement,
} from './measure-objects.ts';
export { outlinePixels } from './outline-pixels.ts';
export { type Instance, paintInstances, type PaintRule, type PlacedInstances } from './paint-instances.ts';
export { maskPlacer, type PlacedMask, type Placement } from './place-mask.ts';
export { mergeTiles, ownsObject, type Tile, tilesOf, type Tiling } from './tiles.ts';
