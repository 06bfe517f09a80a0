/**
 * Runs `load`, then removes from the process every listener of `events` that `load` added, and no other.
 * @remarks Emscripten's module adds listeners that print a line of its own minified source and hide ours.
 */
export async function withoutNewListeners<T>(events: readonly string[], load: () => Promise<T>): Promise<T> {
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  try {
    return await load();
  } finally {
    events.forEach((event, index) => {
      const kept = [...before[index]];
      for (const listener of process.listeners(event as 'uncaughtException')) {
        const position = kept.indexOf(listener);
        if (position >= 0) kept.splice(position, 1);
        else process.removeListener(event, listener);
      }
    });
  }
}
