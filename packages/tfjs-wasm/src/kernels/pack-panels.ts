import { FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND, type NativeEngine } from '../native/native-engine.ts';
import { TASK_BYTES } from './with-padding.ts';

/** Images in the heap whose channels are to be cut into panels, and the zeros wanted around them. */
export interface PanelImages {
  readonly source: number;
  /** Channels taken; `pixelChannels` there are, as many when absent. */
  readonly channels: number;
  readonly pixelChannels?: number;
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly paddedRows: number;
  readonly paddedColumns: number;
  readonly target: number;
  readonly targetPanel: number;
}

/** Writes [panel][image][padded row][padded column][width], width 4 or 8. */
export function packPanels(native: NativeEngine, kernel: 'packPanels4' | 'packPanels8', given: PanelImages): void {
  const { images: imageCount, pixelChannels = given.channels, ...images } = isPadded(given) ? given : asRows(given);
  const imageRows = imageCount * images.paddedRows;
  const taskRows = Math.ceil(TASK_BYTES / (images.paddedColumns * images.channels * FLOAT));
  const bytes = imageRows * images.paddedColumns * images.channels * FLOAT;
  const work = { tasks: Math.ceil(imageRows / taskRows), microseconds: bytes / BYTES_PER_MICROSECOND };
  native.share(kernel, work, { ...images, sourcePixel: pixelChannels * FLOAT, imageRows, taskRows });
}

const isPadded = ({ rows, columns, paddedRows, paddedColumns }: PanelImages): boolean =>
  rows !== paddedRows || columns !== paddedColumns;

/** Without padding all pixels are one sequence, which is cut into rows so that tasks can share it. */
function asRows(images: PanelImages): PanelImages {
  const pixels = images.images * images.rows * images.columns;
  const columns = Math.min(pixels & -pixels, 64);
  const rows = pixels / columns;
  return { ...images, images: 1, rows, columns, paddedRows: rows, paddedColumns: columns };
}
