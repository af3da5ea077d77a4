/**
 * The app origin's worker: wiring only. It serves the app from the device, and wakes sync where a browser lets it.
 * It never sees the content origins (they have a worker of their own, content.ts) and caches no answer of the API.
 */
import { serveAppShell } from './app-shell.ts';
import { wakeSync } from './background-sync.ts';

declare const self: ServiceWorkerGlobalScope;

serveAppShell(self);
wakeSync(self);
