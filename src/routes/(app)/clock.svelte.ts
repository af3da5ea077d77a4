/** The time of day for screens ("yesterday", "was due on"): moves every half minute while somebody looks. */
import { createSubscriber } from 'svelte/reactivity';

const HALF_MINUTE = 30_000;
const subscribe = createSubscriber((update) => {
	const timer = setInterval(update, HALF_MINUTE);
	return () => clearInterval(timer);
});

export const clock = {
	get now(): number {
		subscribe();
		return Date.now();
	}
};
