import { describe, expect, jest, test } from '@jest/globals';
import { LendingCpu } from './lending-cpu.ts';

describe('LendingCpu', () => {
  test('does not print advice about engines at its first tensor', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const cpu = new LendingCpu();
    const { dataId } = cpu.makeTensorInfo([2], 'float32', Float32Array.of(1, 2));
    expect([...(cpu.readSync(dataId) as Float32Array)]).toEqual([1, 2]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    cpu.disposeData(dataId);
    expect(cpu.numDataIds()).toBe(0);
  });
});
