export { type BackendName, type LoadedBackend } from './backend-name.ts';
export { loadBackend } from './load-backend.ts';
export { type BackendReport, surveyBackends } from './survey.ts';
export { heapBytes, HeapLimitError } from './wasm/heap-guard.ts';
