/** How components of routes reach the app: the layout provides a holder at once and fills it when `createApp` is done. */
import { createContext } from 'svelte';
import type { App } from './app.ts';

export type AppHolder = {
	/** null until the device's databases are open. Reactive when the layout makes it so. */
	readonly app: App | null;
};

export const [useAppHolder, provideAppHolder] = createContext<AppHolder>();
