/**
 * Where a person's work is. Three states, never more, the same words everywhere (INTERFACE principle 2); "nothing" is
 * before the first work. The shape is that of client/state/safety.ts; `sent` will come with couriers.
 */
export type Safety = {
	readonly state: 'nothing' | 'on-phone' | 'sent' | 'received';
	/** Pieces of work that are on this phone only. */
	readonly waiting: number;
	/** Server time at which the centre last confirmed something; null = never. */
	readonly receivedAt: number | null;
};
