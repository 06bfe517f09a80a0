import type { BackendName } from '../backend-name.ts';

/** One way to run a tfjs program. */
export interface Engine {
  readonly name: BackendName;
  /** What to install or do when {@link Engine.open} fails. */
  readonly remedy: string;
  /**
   * Loads the engine and makes it tfjs's backend.
   * @returns a description for people.
   * @throws Error whose message is one readable line that says why the engine cannot run here.
   */
  open(): Promise<string>;
}
