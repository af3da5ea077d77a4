import type { App as ServerApp } from '#lib/server/app.ts';

declare global {
	namespace App {
		interface Locals {
			/** The running server; absent only while pages are prerendered. */
			app?: ServerApp | undefined;
		}
	}
}

export {};
