import { cpuEngine } from './cpu.ts';
import type { Engine } from './engine.ts';
import { nodeGpuEngine } from './node-gpu.ts';
import { onednnEngine } from './onednn.ts';
import { wasmEngine } from './wasm.ts';
import { webgpuEngine } from './webgpu.ts';

/** Every engine, the one to prefer first. */
export const engines: readonly Engine[] = [nodeGpuEngine, webgpuEngine, onednnEngine, wasmEngine, cpuEngine];
