import type { BackendName } from '../backend-name.ts';

/** What an engine is once it runs. */
export interface OpenedEngine {
  /** For people: the engine and how it runs here. */
  readonly description: string;
  /** Lets go of what would keep the process alive. */
  readonly dispose?: () => void;
}

/** One way to run a tfjs program. */
export interface Engine {
  readonly name: BackendName;
  /** What to install or do when {@link Engine.open} fails and its error names no other remedy. */
  readonly remedy: string;
  /**
   * @returns why `auto` does not choose the engine although it runs, found without loading it; undefined if there is no reason.
   * @throws Error as {@link Engine.open} does, where it is known already.
   */
  drawback?(): Promise<string | undefined>;
  /**
   * Loads the engine and makes it tfjs's backend.
   * @throws Error whose message is one readable line that says why the engine cannot run here; {@link EngineError} where
   * everything is installed and something else is missing.
   */
  open(): Promise<OpenedEngine>;
}

/** An engine that is installed and cannot run here. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** What to install or do instead of installing the engine. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** What to do about an engine that did not open. */
export function remedyOf(engine: Engine, error: unknown): string {
  return error instanceof EngineError ? error.remedy : engine.remedy;
}
