/** What a run asks of a cluster. */
export interface Resources {
  readonly cpus: number;
  readonly gpus: number;
  /** Of the host, as Slurm writes it. */
  readonly memory: string;
  /** The time limit of one stretch, as Slurm writes it; a run that needs more saves, queues again and goes on. */
  readonly time: string;
  /** Seconds before the limit at which a run is told to save: a step, a validation and a checkpoint must fit. */
  readonly notice: number;
}

interface ResourcesOfPreset extends Resources {
  readonly preset: string;
  readonly on: 'processors' | 'gpu';
}

/**
 * Memory is twice the peak of docs/performance.md where that was measured (processors), and an estimate on GPUs. Time
 * limits are short enough for usual queues; a run that takes longer is queued again.
 */
const resources: readonly ResourcesOfPreset[] = [
  { preset: 'smoke', on: 'processors', cpus: 2, gpus: 0, memory: '1G', time: '01:00:00', notice: 60 },
  { preset: 'small', on: 'processors', cpus: 4, gpus: 0, memory: '3G', time: '12:00:00', notice: 180 },
  { preset: 'paper', on: 'processors', cpus: 16, gpus: 0, memory: '8G', time: '24:00:00', notice: 900 },
  { preset: 'smoke', on: 'gpu', cpus: 2, gpus: 1, memory: '4G', time: '01:00:00', notice: 60 },
  { preset: 'small', on: 'gpu', cpus: 4, gpus: 1, memory: '8G', time: '12:00:00', notice: 180 },
  { preset: 'paper', on: 'gpu', cpus: 8, gpus: 1, memory: '16G', time: '24:00:00', notice: 300 },
];

const gpuEngines = ['node-gpu', 'webgpu'];

/** @returns what runs of a preset ask for on an engine; as much as `paper` for a preset that the table lacks. */
export function resourcesFor(preset: string, engine: string): Resources {
  const on = gpuEngines.includes(engine) ? 'gpu' : 'processors';
  const rows = resources.filter((row) => row.on === on);
  return rows.find((row) => row.preset === preset) ?? rows[rows.length - 1];
}
