import { useAppHolder } from '#lib/client/app-context.ts';
import type { App } from '#lib/client/app.ts';
import type { Session } from '#lib/client/state/session.ts';

/** The app and the open profile, for pages: null until the device has been read. The layout sends people without a profile to sign in. */
export function useSession(): { readonly app: App | null; readonly session: Session | null } {
	const holder = useAppHolder();
	return {
		get app() {
			return holder.app;
		},
		get session() {
			return holder.app?.session ?? null;
		}
	};
}
