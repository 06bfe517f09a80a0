/*
 * What this package uses of WebGPU: its types come with a browser's library or a package of their own, neither of which
 * this project loads.
 */

export type GpuLimits = Readonly<Record<string, number | undefined>>;

export interface GpuError {
  readonly message: string;
}

/** What a device refuses goes to the scope that was opened last for errors of its kind. */
export type GpuErrorFilter = 'out-of-memory' | 'validation' | 'internal';

export interface GpuDevice {
  readonly limits: GpuLimits;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  pushErrorScope(filter: GpuErrorFilter): void;
  popErrorScope(): Promise<GpuError | null>;
  addEventListener(type: 'uncapturederror', listen: (event: { readonly error: GpuError }) => void): void;
  destroy(): void;
}

export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly limits: GpuLimits;
  readonly features: ReadonlySet<string>;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: GpuLimits;
  }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options?: { readonly powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** The npm package `webgpu`: Dawn, WebGPU outside a browser. */
export interface Dawn {
  create(options: readonly string[]): Gpu;
  /** The classes and constants that a browser has as globals. */
  readonly globals: object;
}
