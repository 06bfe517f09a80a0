/**
 * Runs the tests that tfjs-core publishes in its npm package (265 files) on one backend, all of them, and counts:
 * `node packages/tfjs-onednn/test/published-tests/run.mjs [onednn|cpu]`. Exit code 1 if one fails. Those that ask for a
 * browser or a GPU register nothing here; "pending" are switched off by their authors.
 */
import { register } from 'node:module';
import jasmineCore from 'jasmine-core';

const [backendName = 'onednn'] = process.argv.slice(2);
register('./resolve-sources.mjs', import.meta.url);
jasmineCore.installGlobals();
const environment = globalThis.jasmine.getEnv();
environment.configure({ random: false, forbidDuplicateNames: false }); // some of them have the same name
const { warn } = console;
console.warn = () => undefined; // deprecations, advice and what the tests themselves provoke

await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops');
await import('@tensorflow/tfjs-core/dist/register_all_gradients');
await import('@tensorflow/tfjs-backend-cpu');
if (backendName === 'onednn') await import('../../src/index.ts');
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util');
setTestEnvs([{ name: backendName, backendName, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests');

const counts = { passed: 0, failed: 0, pending: 0 };
environment.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    counts[status]++;
    if (status !== 'failed') return;
    const reasons = failedExpectations.map(({ message }) => `\n    ${message.split('\n', 1)[0]}`);
    console.log(`FAILED ${fullName}${reasons.join('')}`);
  },
});
const { overallStatus } = await environment.execute();
console.warn = warn;
console.log(`${backendName}: ${counts.passed} passed, ${counts.failed} failed, ${counts.pending} pending`);
process.exitCode = overallStatus === 'passed' ? 0 : 1;
