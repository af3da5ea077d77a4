/** Composition root of the lesson runtime: one SCO, or a plain web page. Bundled to lesson.js and lesson.css by the builder. */
import './lesson.css';
import { findApi } from './find-api.ts';
import { startLesson } from './lesson-app.ts';
import type { LessonData } from './lesson-data.ts';
import { newState } from './lesson-state.ts';
import { decodeState, stateFromLocation } from './suspend-data.ts';
import { openTracker } from './tracker.ts';

const lesson = (globalThis as unknown as { waypostLesson: LessonData }).waypostLesson;
const activeTime = countActiveTime();
const tracker = openTracker(
	findApi(window, lesson.scorm),
	browserStorage(),
	`waypost-lesson:${lesson.code}:${lesson.language}`,
	activeTime
);

const { suspendData, location: kept } = tracker.resume;
const resumed = decodeState(lesson, suspendData) ?? stateFromLocation(lesson, kept);
const root = document.getElementById('lesson') as HTMLElement;
const app = startLesson(root, lesson, tracker, resumed ?? newState(), resumed !== null && resumed.at.kind !== 'start');

// A phone takes a page away in many ways and rarely says goodbye: hidden is the last moment one can count on.
document.addEventListener('visibilitychange', () => {
	if (document.visibilityState === 'hidden') app.save();
});
addEventListener('pagehide', (event) => {
	app.save();
	// A page kept for the back button lives on; its session ends with it.
	if (!event.persisted) tracker.finish(false);
});
addEventListener('unload', () => tracker.finish(false));

/** Milliseconds during which the lesson was on screen: time in a pocket is not study. */
function countActiveTime(): () => number {
	let counted = 0;
	let since: number | null = document.visibilityState === 'hidden' ? null : performance.now();
	document.addEventListener('visibilitychange', () => {
		if (since !== null) counted += performance.now() - since;
		since = document.visibilityState === 'hidden' ? null : performance.now();
	});
	return () => counted + (since === null ? 0 : performance.now() - since);
}

function browserStorage(): Storage | null {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
}
