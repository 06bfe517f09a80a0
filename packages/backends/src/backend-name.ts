/** An engine that a tfjs program can run on. */
export type BackendName = 'node-gpu' | 'webgpu' | 'onednn' | 'wasm' | 'cpu';

/** An engine after loading; tfjs uses it from then on. */
export interface LoadedBackend {
  readonly name: BackendName;
  /** For people: engine and how it runs here, such as `wasm (SIMD, 2 threads)`. */
  readonly description: string;
  /** Lets go of what would keep the process alive; call it when the engine is not needed any more. */
  dispose(): void;
}
