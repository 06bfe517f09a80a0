/** What label maps can be written as for other programs, and what it is. */
export const exportKinds = {
  coco: 'coco.json, all images in one file, masks as run lengths',
  geojson: 'geojson/NAME.geojson for QuPath, outlines along pixel edges',
  roi: 'roi/NAME.zip for ImageJ’s ROI Manager',
  tiff: 'tiff/NAME.tif, 32-bit label maps',
  npy: 'npy/NAME.npy, uint32 [rows, columns]',
  csv: 'csv/NAME.csv, size, shape, place and stored intensities of every object',
  cvppp: 'cvppp.h5, the CVPPP challenge’s submission',
} as const;

/** One of {@link exportKinds}. */
export type ExportKind = keyof typeof exportKinds;
