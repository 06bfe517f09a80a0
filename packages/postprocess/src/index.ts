export { chessboardDistance } from './chessboard-distance.ts';
export { contours } from './contours.ts';
export { dropSmallObjects } from './drop-small-objects.ts';
export { fillShallowMinima } from './fill-shallow-minima.ts';
export type { HeightMap } from './height-map.ts';
export { keepConfident, type Ranking } from './keep-confident.ts';
export { labelMinima } from './label-minima.ts';
export {
  type ChannelImage,
  type Intensity,
  measurementColumns,
  measureObjects,
  type ObjectMeasurement,
} from './measure-objects.ts';
export { meanShiftClusters, type Points, shiftToMode } from './mean-shift.ts';
export { outlinePixels } from './outline-pixels.ts';
export { type Instance, paintInstances, type PaintRule, type PlacedInstances } from './paint-instances.ts';
export { panopticClasses, panopticSegments } from './panoptic-segments.ts';
export { maskPlacer, type PlacedMask, type Placement } from './place-mask.ts';
export { reconstructByErosion } from './reconstruct-by-erosion.ts';
export { discDiameter, medianDiameter, medianDiameterByArea } from './object-diameter.ts';
export { mergeTiles, ownsObject, type Tile, tilesOf, type Tiling } from './tiles.ts';
export { watershed } from './watershed.ts';
