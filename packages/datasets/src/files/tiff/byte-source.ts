import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that can be read piece by piece: a file in memory, or one that stays on disk. */
export interface ByteSource {
  readonly size: number;
  /** @throws Error if the bytes are not all there. */
  read(at: number, length: number): Buffer;
}

/** The bytes of a file that was read. */
export function bytesInMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read(at, length) {
      refuseBeyond(at, length, bytes.length);
      return bytes.subarray(at, at + length);
    },
  };
}

/** Looks into a file without reading it whole; the file is closed afterwards. */
export function withBytesOnDisk<Result>(path: string, look: (source: ByteSource) => Result): Result {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    return look({
      size,
      read(at, length) {
        refuseBeyond(at, length, size);
        const bytes = Buffer.alloc(length);
        const found = readSync(file, bytes, 0, length, at);
        return found === length ? bytes : bytes.subarray(0, found);
      },
    });
  } finally {
    closeSync(file);
  }
}

function refuseBeyond(at: number, length: number, size: number): void {
  if (at < 0 || length < 0 || at + length > size) {
    throw new Error(`it refers to byte ${at + length}, but ends after ${size}`);
  }
}
