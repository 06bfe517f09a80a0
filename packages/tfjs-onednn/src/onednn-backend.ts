import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { Addon, Factor, Precision, Values } from './addon.ts';
import { BufferPool, type Piece, type PoolState } from './buffer-pool.ts';

/** A tensor that a kernel made, with the array to write its values to. */
export interface Output<V extends Values> {
  readonly info: TensorInfo;
  readonly values: V;
}

/** How tfjs's CPU backend keeps a tensor. */
interface Entry {
  values?: backend_util.BackendValues;
  dtype: DataType;
  refCount: number;
  /** Where its values lie, if the memory is the pool's. */
  piece?: Piece;
  /** Its values as bf16 numbers, where they were asked for. */
  rounded?: Rounded;
}

/** bf16 numbers, and where they lie in the pool's memory. */
interface Rounded {
  readonly values: Uint16Array;
  readonly piece: Piece;
}

/**
 * tfjs's backend `onednn`. Tensors are plain typed arrays, as those of the CPU backend, so that all of its kernels work
 * on them too; memory made here comes from a pool and returns to it.
 */
export class OnednnBackend extends MathBackendCPU {
  readonly addon: Addon;
  /** What {@link OnednnBackend.precision} may be on this machine. */
  readonly precisions: readonly Precision[];
  readonly #pool: BufferPool;
  #precision: Precision = 'f32';

  constructor(addon: Addon) {
    super();
    this.addon = addon;
    this.precisions = addon.about().bf16 ? ['f32', 'bf16'] : ['f32'];
    this.#pool = new BufferPool(
      (bytes) => addon.allocate(bytes),
      (bytes) => {
        addon.letGo(bytes);
      },
    );
  }

  /** In which type convolutions and products read their factors: float32 unless set. Throws where the machine cannot. */
  get precision(): Precision {
    return this.#precision;
  }

  set precision(precision: Precision) {
    if (!this.precisions.includes(precision)) {
      throw new Error(
        `precision: expected ${this.precisions.join(' or ')} on this processor, got ${String(precision)}`,
      );
    }
    this.#precision = precision;
  }

  /** Bytes in use and idle in the pool. */
  get pool(): PoolState {
    return this.#pool.state;
  }

  /** @returns a new tensor with any contents. */
  output(shape: readonly number[], dtype: 'float32'): Output<Float32Array>;
  output(shape: readonly number[], dtype: 'int32'): Output<Int32Array>;
  output(shape: readonly number[], dtype: 'bool'): Output<Uint8Array>;
  output(shape: readonly number[], dtype: DataType): Output<Values>;
  output(shape: readonly number[], dtype: DataType): Output<Values> {
    const size = util.sizeFromShape([...shape]);
    const piece = this.#pool.take(dtype === 'bool' ? size : size * 4);
    const { buffer, offset } = piece;
    const values =
      dtype === 'float32'
        ? new Float32Array(buffer, offset, size)
        : dtype === 'int32'
          ? new Int32Array(buffer, offset, size)
          : new Uint8Array(buffer, offset, size);
    const dataId = {};
    const entry: Entry = { values, dtype, refCount: 1, piece };
    this.data.set(dataId, entry);
    return { info: { dataId, shape: [...shape], dtype }, values };
  }

  /** The values of a tensor in the array type of its dtype (tfjs lets a cast keep the old array). */
  values(info: TensorInfo): Values {
    const { values } = this.data.get(info.dataId);
    if (info.dtype === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values as Values);
    if (info.dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values as Values);
    return values instanceof Uint8Array ? values : Uint8Array.from(values as Values);
  }

  /** The values of a float32 tensor. */
  floats(info: TensorInfo): Float32Array {
    return this.values(info) as Float32Array;
  }

  /**
   * The values of a float32 tensor as the right factor of convolutions and products: in bf16, rounded once and kept as long
   * as the tensor lives, since the kernels of a network serve a step many times.
   */
  factor(info: TensorInfo): Factor {
    if (this.#precision === 'f32') return this.floats(info);
    const entry: Entry = this.data.get(info.dataId);
    if (entry.rounded === undefined) {
      const values = this.floats(info);
      entry.rounded = this.#memoryOfRounded(values.length);
      this.addon.roundToBf16(values, entry.rounded.values);
    }
    return entry.rounded.values;
  }

  /**
   * Memory for the bf16 numbers that {@link factor} will give for a new tensor, where those of `before`, which it succeeds,
   * were asked for; whoever asks fills it.
   */
  roundedAs(before: TensorInfo, info: TensorInfo): Uint16Array | null {
    const { rounded }: Entry = this.data.get(before.dataId);
    if (rounded === undefined) return null;
    const entry: Entry = this.data.get(info.dataId);
    entry.rounded = this.#memoryOfRounded(rounded.values.length);
    return entry.rounded.values;
  }

  #memoryOfRounded(length: number): Rounded {
    const piece = this.#pool.take(2 * length);
    return { values: new Uint16Array(piece.buffer, piece.offset, length), piece };
  }

  /** As the CPU backend's, without its advice to install another one. */
  override write(values: backend_util.BackendValues, _shape: number[], dtype: DataType): object {
    const dataId = {};
    this.data.set(dataId, { values, dtype, refCount: 1 });
    return dataId;
  }

  /** @returns a copy where the memory is the pool's: it may serve another tensor later. */
  override readSync(dataId: object): backend_util.BackendValues {
    const entry: Entry = this.data.get(dataId);
    return entry.piece === undefined ? super.readSync(dataId) : (entry.values as Values).slice();
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry: Entry | undefined = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const gone = super.disposeData(dataId, force);
    if (gone && entry?.rounded !== undefined) {
      this.#pool.give(entry.rounded.piece);
      delete entry.rounded;
    }
    if (gone && entry?.piece !== undefined) {
      this.#pool.give(entry.piece);
      delete entry.piece;
      delete entry.values;
    }
    return gone;
  }

  /** Whether the tensor's memory is the pool's. */
  owns(info: TensorInfo): boolean {
    return this.data.has(info.dataId) && (this.data.get(info.dataId) as Entry).piece !== undefined;
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: false, reasons: [] };
  }
}
