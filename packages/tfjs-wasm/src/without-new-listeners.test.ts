import { expect, test } from '@jest/globals';
import { withoutNewListeners } from './without-new-listeners.ts';

test('withoutNewListeners removes what the loading added, and nothing else', async () => {
  const mine = (): void => undefined;
  const other = (): void => undefined;
  process.on('unhandledRejection', mine);
  try {
    const result = await withoutNewListeners(['unhandledRejection'], async () => {
      process.on('unhandledRejection', other);
      process.on('unhandledRejection', mine);
      return 'loaded';
    });
    expect(result).toBe('loaded');
    expect(process.listeners('unhandledRejection').filter((listener) => listener === mine)).toHaveLength(1);
    expect(process.listeners('unhandledRejection')).not.toContain(other);
  } finally {
    process.removeListener('unhandledRejection', mine);
  }
});
