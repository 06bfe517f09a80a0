export { heapBytes, HeapLimitError } from '@pffnet/tfjs-wasm';
export { type BackendName, type LoadedBackend } from './backend-name.ts';
export { loadBackend } from './load-backend.ts';
export { type BackendReport, surveyBackends } from './survey.ts';
