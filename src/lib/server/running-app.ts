/**
 * Where `serve` leaves the running server for Kit's hooks. The built application holds copies of these modules, so a module
 * variable would not be the same one on both sides; the global symbol table is.
 */
import type { App } from './app.ts';

export type RunningApp = { readonly app: App; readonly pageHeaders: Readonly<Record<string, string>> };

const place = Symbol.for('waypost.running-app');
const world = globalThis as typeof globalThis & { [place]?: RunningApp | undefined };

export function runningApp(): RunningApp | undefined {
	return world[place];
}

export function setRunningApp(running: RunningApp | undefined): void {
	world[place] = running;
}
