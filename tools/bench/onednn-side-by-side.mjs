/**
 * Two processes that train side by side against the same two one after another: `node tools/bench/onednn-side-by-side.mjs
 * [steps]` after `npm run build`. Both ways do the same work; the ratio says what the processes take from each other.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const steps = process.argv[2] ?? '60';
const soak = fileURLToPath(new URL('onednn-soak.mjs', import.meta.url));
const run = () =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [soak, steps], { stdio: 'ignore' });
    child.on('error', reject).on('exit', resolve);
  });
const secondsOf = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const both = () => Promise.all([run(), run()]);
const inTurn = async () => {
  await run();
  await run();
};
const results = { together: [], inTurn: [] };
for (let round = 0; round < 2; round++) {
  results.together.push(await secondsOf(both));
  results.inTurn.push(await secondsOf(inTurn));
}
const [together, alone] = [Math.min(...results.together), Math.min(...results.inTurn)];
console.log(
  `two at once ${together.toFixed(1)} s, one after another ${alone.toFixed(1)} s: ${(together / alone).toFixed(2)}`,
);
