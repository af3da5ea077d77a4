/** The first code of every page in the browser, before Kit starts. */
import { beginApp } from '#lib/client/app.ts';
import { isServedByWorker } from '#lib/client/served-by-worker.ts';

const isOfTheApp = !/^\/((catalogue|verify)(\/|$)|$)/.test(location.pathname);
if (isOfTheApp && isServedByWorker()) void beginApp();
