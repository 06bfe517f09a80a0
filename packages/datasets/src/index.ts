export type { AnnotatedLabels, AnnotationAccount, LossReason, LostObject } from './annotations/annotated-labels.ts';
export { LabelReview } from './annotations/label-review.ts';
export { type ImageAccount, lossesLine } from './annotations/losses-line.ts';
export { type PatchRequest, patchEntries, type PlainSource, wholeEntries } from './convert/plain-entries.ts';
export {
  type ManifestEntry,
  type ManifestFacts,
  type PlainEntry,
  writePlainDataset,
} from './convert/write-plain-dataset.ts';
export {
  augment,
  type AugmentationConfig,
  basicAugmentation,
  fullAugmentation,
  noAugmentation,
} from './augmentation/augment.ts';
export { flipHorizontal, flipVertical } from './augmentation/flip.ts';
export { gaussianBlur } from './augmentation/gaussian-blur.ts';
export { gaussianNoise } from './augmentation/gaussian-noise.ts';
export { medianBlur } from './augmentation/median-blur.ts';
export { rot90 } from './augmentation/rot90.ts';
export { type StainJitter, stainJitter } from './augmentation/stain-jitter.ts';
export { listImages, listLabelMaps, type NamedFile } from './files/list-files.ts';
export { pairingName } from './files/pairing-name.ts';
export { imageOfPixels, type NotedImage, readImage, type ReadImageOptions, rgbPixelsOf } from './files/read-image.ts';
export { type NotedLabelMap, readLabelMap } from './files/read-label-map.ts';
export { type IntensityScaling, usualPercentiles } from './files/scale-intensities.ts';
export type { ChannelChoice } from './files/choose-channel.ts';
export type { Noted } from './files/notes.ts';
export { type ByteWriter, type Content, writeAtomically, writeFailure } from './files/write-atomically.ts';
export { WriteError } from './files/write-error.ts';
export { decodePixels, readHeader } from './files/decode-pixels.ts';
export type { HeaderFacts, Pixels } from './files/pixels.ts';
export { writeFolderAtomically } from './files/write-folder-atomically.ts';
export { writeImage } from './files/write-image.ts';
export { writeLabelMap } from './files/write-label-map.ts';
export { type CocoEntry, type CocoImage, type CocoObject, labelsOfCoco, readCoco, writeCoco } from './formats/coco.ts';
export { type CvpppEntry, readCvpppSubmission, writeCvpppSubmission } from './formats/cvppp-submission.ts';
export { type CocoPanoptic, openCocoPanoptic } from './formats/open-coco-panoptic.ts';
export type { PanopticCategory } from './formats/panoptic-category.ts';
export {
  type CocoPanopticEntry,
  type SegmentInfo,
  writeCocoPanoptic,
  writePanopticPicture,
} from './formats/write-coco-panoptic.ts';
export { type QuPathObjectType, readGeoJson, writeGeoJson } from './formats/geojson.ts';
export { readRoiZip, writeRoiZip } from './formats/imagej-roi-zip.ts';
export { readMat, readMatLabels } from './formats/mat.ts';
export { readNpy, readNpyEntry, readNpyLabels, writeNpy } from './formats/npy.ts';
export type { Numbers, NumericArray } from './formats/numeric-array.ts';
export { labelsOfOutlines, type OutlinedObject } from './formats/outlined-object.ts';
export { type TableRow, writeTable } from './formats/table.ts';
export type { DatasetFormat, FilePair, LabelledImage } from './layouts/layout.ts';
export { datasetFormats } from './layouts/layouts.ts';
export { type DatasetListing, listDataset } from './list-dataset.ts';
export { nearestName, someNames } from './nearest-name.ts';
export { openDataset, type OpenDatasetOptions } from './open-dataset.ts';
export { encodePng, encodeWebp } from './files/encode-image.ts';
export { adjacentColours } from './overlay/adjacent-colours.ts';
export { type Colour, colourDifference } from './overlay/colour-difference.ts';
export { contactSheet } from './overlay/contact-sheet.ts';
export { overlay, type OverlayOptions } from './overlay/overlay.ts';
export { writeOverlay } from './overlay/write-overlay.ts';
export { reduceSample } from './overlay/reduce-sample.ts';
export { cropPatch, randomPatch } from './patches/crop-patch.ts';
export { type PatchCount, patchesOf } from './patches/patches-of.ts';
export { scaledPatch, type ScaleRange } from './patches/scaled-patch.ts';
export type { Dataset, Sample } from './sample.ts';
export { type Point, readPoints } from './points/read-points.ts';
export { sayingNotes, sayNotes } from './say-notes.ts';
export { divideBySplit, type Division } from './splits/divide-by-split.ts';
export { readSplit, shippedSplits, type Split } from './splits/read-split.ts';
export { syntheticCells, type SyntheticCellsOptions, type SyntheticLook } from './synthetic/synthetic-cells.ts';
export { syntheticDataset, type SyntheticDatasetOptions } from './synthetic/synthetic-dataset.ts';
export { describeObjects, type ObjectFacts } from './survey/describe-objects.ts';
export type { ChannelFacts, PixelFacts } from './survey/describe-pixels.ts';
export { type ImageKind, imageKind } from './survey/image-kind.ts';
export { type Distribution, distribution } from './survey/distribution.ts';
export {
  bySeverity,
  type DatasetSurvey,
  findProblems,
  type Problem,
  type Severity,
  SPECK,
} from './survey/find-problems.ts';
export { type ImageRow, summariseSurvey, type SurveySummary } from './survey/summarise-survey.ts';
export { surveyDataset } from './survey/survey-dataset.ts';
export { type ImageSurvey, surveyImage } from './survey/survey-image.ts';
