/** The one MessagePort to the app: opened by a handshake with the configured app origin only, every message parsed. */
import * as v from 'valibot';
import { connectSchema, PORT_VERSION, type Hello } from '#lib/contracts/player-port.ts';

const configSchema = v.object({ appOrigin: v.pipe(v.string(), v.url()) });

/** Our parent, before `window.parent` is taken from the content (see main.ts). */
const app = window.parent;

/** @returns null when this page was not opened by the app */
export async function connectToApp(role: Hello['role']): Promise<MessagePort | null> {
	if (app === window) return null;
	const answer = await fetch('/config.json');
	const { appOrigin } = v.parse(configSchema, await answer.json());
	const connected = new Promise<MessagePort>((resolve) => {
		const receive = (event: MessageEvent<unknown>) => {
			const [port] = event.ports;
			if (event.source !== app || event.origin !== appOrigin || port === undefined) return;
			if (!v.is(connectSchema, event.data)) return;
			removeEventListener('message', receive);
			resolve(port);
		};
		addEventListener('message', receive);
	});
	const hello: Hello = { waypost: 'hello', role, v: PORT_VERSION };
	app.postMessage(hello, appOrigin);
	return connected;
}

/** Delivers parsed messages; a message from the future is left alone. */
export function listen<T>(port: MessagePort, schema: v.GenericSchema<unknown, T>, receive: (message: T) => void): void {
	port.onmessage = (event: MessageEvent<unknown>) => {
		const parsed = v.safeParse(schema, event.data);
		if (parsed.success) receive(parsed.output);
	};
}
