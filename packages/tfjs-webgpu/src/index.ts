export { findAdapter, isSoftware, NoAdapterError } from './find-adapter.ts';
export { loadWebgpu, type LoadedWebgpu } from './load-webgpu.ts';
