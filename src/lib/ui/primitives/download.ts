/** One pack on this device, as screens show it. Bytes. */
export type Download =
	| { readonly state: 'none' }
	| {
			readonly state: 'downloading' | 'paused';
			readonly done: number;
			readonly total: number;
			/** Waiting for the network to come back; goes on by itself. */
			readonly waiting?: boolean | undefined;
	  }
	| { readonly state: 'failed'; readonly code: string; readonly done: number; readonly total: number }
	| { readonly state: 'installed'; readonly update: { readonly bytes: number | null } | null };
