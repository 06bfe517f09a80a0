/** How far work is. */
export interface Progress {
  /** @param note - what is being done, and how it goes. */
  update(done: number, note: string): void;
  /** Says a line while the work goes on. */
  say(line: string): void;
}

/** Whatever shows how work goes: a terminal, a window, a log, or {@link nobody}. */
export interface Listener {
  /** Takes a line for people. */
  say(line: string): void;
  /**
   * Follows work that takes time, to its end.
   * @param total - the number that `update` reaches.
   * @returns what the work gives; its errors are passed on.
   */
  follow<Result>(title: string, total: number, work: (progress: Progress) => Promise<Result>): Promise<Result>;
}

/** Ignores everything. */
export const nobody: Listener = {
  say: () => undefined,
  follow: (_title, _total, work) => work({ update: () => undefined, say: () => undefined }),
};
