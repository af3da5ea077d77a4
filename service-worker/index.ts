/// <reference types="@sveltejs/kit" />
/** The app origin's worker: keeps the shell, updates when asked, sends when woken. The content origins have their own (content.ts). */
import { build, files, prerendered, version } from '$service-worker';
import { keepShell } from './app-shell.ts';
import { sendWhenWoken } from './background-sync.ts';
import { activateWhenAsked } from './updates.ts';
import { keepWords } from './words.ts';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

keepShell(worker, { build, files, prerendered, version });
keepWords(worker, files, version);
activateWhenAsked(worker);
sendWhenWoken(worker);
