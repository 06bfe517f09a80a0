import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically, writeFailure } from '@pffnet/datasets';
import { parseConfig } from '@pffnet/families';
import type { NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';

/** Where and with what a run was made. */
export interface RunFacts {
  readonly commit: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly engine: string;
  readonly command: string;
  readonly data: {
    readonly folder: string;
    readonly hash: string;
    readonly train: readonly string[];
    readonly validation: readonly string[];
    readonly test: readonly string[];
  };
  /** Its place in a matrix of runs, if it has one. */
  readonly experiment?: RunPlace;
}

/** Which run of a matrix it is: variant, protocol and fold, which determine its cell in a table. */
export interface RunPlace {
  readonly variant: string;
  /** The variant's name for tables. */
  readonly title: string;
  /** Data set and how it is divided, by name and for tables. */
  readonly protocol: string;
  readonly protocolTitle: string;
  readonly fold: string;
  /** How many folds the protocol has. */
  readonly folds: number;
  /** Test images by group, such as `seen` and `unseen` organs. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** One line of `log.jsonl`. */
export type LogEntry = { readonly step: number } & Readonly<Record<string, unknown>>;

/**
 * A run's files: `config.json`, `run.json`, `log.jsonl`, TensorBoard events, `checkpoints/`, `predictions/`,
 * `metrics.csv`, `metrics.json`. Whole files are written atomically.
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a new run.
   * @throws ConfigError if the folder holds a run already.
   */
  static async create(path: string, config: NetworkConfig, facts: RunFacts): Promise<RunFolder> {
    if (existsSync(join(path, 'config.json'))) {
      throw new ConfigError(`${path}: holds a run already; add --resume to continue it or choose another --out folder`);
    }
    await mkdir(join(path, 'checkpoints'), { recursive: true });
    const run = new RunFolder(path);
    await run.writeJson('run.json', facts);
    // Last: from here on the folder counts as a run.
    await run.writeJson('config.json', config);
    return run;
  }

  /**
   * Opens an existing run.
   * @throws ConfigError if there is none or its config is not ours.
   */
  static async open(path: string): Promise<{ run: RunFolder; config: NetworkConfig }> {
    const file = join(path, 'config.json');
    if (!existsSync(file)) {
      throw new ConfigError(`${path}: there is no run to resume (no config.json); leave out --resume to begin one`);
    }
    return { run: new RunFolder(path), config: parseConfig(await readJson(file), file) };
  }

  /**
   * Removes temporary files (a file's name and a number) of processes that were killed while writing. The caller must
   * hold the lock.
   */
  static async removeHalfWritten(path: string): Promise<void> {
    for (const folder of [path, join(path, 'checkpoints'), join(path, 'predictions')]) {
      if (!existsSync(folder)) continue;
      const left = (await readdir(folder)).filter((name) => /\.(safetensors|jsonl?|csv|html|png)\.\d+$/.test(name));
      for (const name of left) await rm(join(folder, name), { force: true });
    }
  }

  get lastCheckpoint(): string {
    return join(this.path, 'checkpoints', 'last.safetensors');
  }

  get bestWeights(): string {
    return join(this.path, 'checkpoints', 'best.safetensors');
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeAtomically(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  async log(entry: LogEntry): Promise<void> {
    const file = join(this.path, 'log.jsonl');
    try {
      await appendFile(file, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw writeFailure(file, error);
    }
  }

  /** Removes log lines after a step, because a killed run may have logged steps that it had not saved. */
  async truncateLog(step: number): Promise<void> {
    const kept = (await this.readLog()).filter((entry) => entry.step <= step);
    await writeAtomically(join(this.path, 'log.jsonl'), kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }

  /** @returns the log so far; a last line that a crash cut short is left out. */
  async readLog(): Promise<LogEntry[]> {
    const file = join(this.path, 'log.jsonl');
    if (!existsSync(file)) return [];
    const entries: LogEntry[] = [];
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      try {
        if (line !== '') entries.push(JSON.parse(line) as LogEntry);
      } catch {
        break;
      }
    }
    return entries;
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: is not JSON (${(error as Error).message}); choose another --out folder`);
  }
}
