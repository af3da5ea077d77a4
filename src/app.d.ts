import type { App as ServerApp } from '#lib/server/app.ts';

declare global {
	namespace App {
		interface Locals {
			/** The running server; absent only while pages are prerendered. */
			app?: ServerApp | undefined;
			/** Of a page that is rendered here: for <html lang> and <html dir>. */
			language?: string | undefined;
			/** Of a page that says something went wrong, in its own words. */
			status?: number | undefined;
		}
	}
}

export {};
