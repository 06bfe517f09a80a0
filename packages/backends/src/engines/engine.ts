import type { BackendName } from '../backend-name.ts';

/** What an engine is once it runs. */
export interface OpenedEngine {
  /** For people: the engine and how it runs here. */
  readonly description: string;
  /** Why `auto` passes over it although it runs. */
  readonly drawback?: string;
  /** Lets go of what would keep the process alive. */
  readonly dispose?: () => void;
}

/** One way to run a tfjs program. */
export interface Engine {
  readonly name: BackendName;
  /** What to install or do when {@link Engine.open} fails. */
  readonly remedy: string;
  /**
   * Loads the engine and makes it tfjs's backend.
   * @throws Error whose message is one readable line that says why the engine cannot run here.
   */
  open(): Promise<OpenedEngine>;
}
