import { FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND, type NativeEngine } from '../native/native-engine.ts';

/** Images in the heap and the zeros wanted around them. */
export interface PaddedImages {
  readonly source: number;
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly paddedRows: number;
  readonly paddedColumns: number;
}

/** Bytes that one task should copy. */
export const TASK_BYTES = 128 * 1024;

/** Gives `use` the address of the padded images, which live as long as the call; images that need no padding are not copied. */
export function withPadding(native: NativeEngine, images: PaddedImages, use: (address: number) => void): void {
  const { source, rows, columns, channels, padTop, padLeft, paddedRows, paddedColumns } = images;
  if (rows === paddedRows && columns === paddedColumns) {
    use(source);
    return;
  }
  const rowBytes = paddedColumns * channels * FLOAT;
  const imageRows = images.images * paddedRows;
  native.withScratch(imageRows * rowBytes, (target) => {
    const taskRows = Math.max(1, Math.ceil(TASK_BYTES / rowBytes));
    const work = {
      tasks: Math.ceil(imageRows / taskRows),
      microseconds: (imageRows * rowBytes) / BYTES_PER_MICROSECOND,
    };
    native.share('padImages', work, {
      ...{ source, rows, columns, padTop, padLeft, paddedRows, paddedColumns },
      ...{ target, imageRows, taskRows, pixelBytes: channels * FLOAT },
    });
    use(target);
  });
}
