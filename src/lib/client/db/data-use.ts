/** What was transferred, by calendar month of the device: shown to the person, who may pay for it by the megabyte. */
import type { DeviceDb } from './device-db.ts';
import { monthOf } from './names.ts';

/** @param bytes down and up, as far as known */
export async function addDataUse(
	device: DeviceDb,
	now: number,
	bytes: { readonly down: number; readonly up: number }
): Promise<void> {
	if (bytes.down <= 0 && bytes.up <= 0) return;
	const month = monthOf(now);
	await device.transaction('rw', device.dataUse, async () => {
		const known = await device.dataUse.get(month);
		await device.dataUse.put({
			month,
			down: (known?.down ?? 0) + Math.max(0, bytes.down),
			up: (known?.up ?? 0) + Math.max(0, bytes.up)
		});
	});
}
